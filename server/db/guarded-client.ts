import { translateFault } from './faults.ts';
import type { PrismaClient } from './generated/client.ts';

const globalModels = [
  'user',
  'account',
  'session',
  'verificationToken',
  'installation',
  'locator',
  'provenDomain',
  'price',
  'outboxMail',
  'signInRequest',
  'kernel',
  'auditKey',
  'rateCount',
  'masterKey',
  'dataKey',
  'deletedOrg',
] as const;
export type GlobalModel = (typeof globalModels)[number];

export type Transaction = <R>(use: (tx: PrismaClient) => Promise<R>) => Promise<R>;

/**
 * The client with what its holder may not reach taken away (raw SQL, and the other side's tables) and faults of the
 * connection translated.
 */
export function guarded(client: PrismaClient, isSystem: boolean, transaction?: Transaction): PrismaClient {
  const models = new Map<string, unknown>();
  return new Proxy(client, {
    get(target, name) {
      if (typeof name !== 'string' || name === 'then') return undefined;
      if (name === '$transaction' && transaction) return transaction;
      if (name.startsWith('$') || name.startsWith('_')) return undefined;
      if (isSystem !== (globalModels as readonly string[]).includes(name)) return undefined;
      const model = models.get(name) ?? translated(Reflect.get(target, name) as object | undefined);
      models.set(name, model);
      return model;
    },
  });
}

function translated(model: object | undefined): unknown {
  if (!model) return undefined;
  return new Proxy(model, {
    get(target, name) {
      const operation: unknown = Reflect.get(target, name);
      if (typeof operation !== 'function') return operation;
      return async (...args: unknown[]) => {
        try {
          return await operation.apply(target, args);
        } catch (error) {
          throw translateFault(error);
        }
      };
    },
  });
}
