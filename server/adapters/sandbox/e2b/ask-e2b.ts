import { AuthenticationError, Sandbox as E2b } from 'e2b';
import type { AskSandboxService } from '../../../domain/ports/ask-sandbox-service.ts';
import { doorClosed, type ServiceDoor } from '../../egress/service-door.ts';
import { callOf } from './e2b-machine.ts';

const requestTimeoutMs = 15_000;

/** Lists the account's machines. */
export function askE2b(door: ServiceDoor): AskSandboxService {
  return async (account) => {
    const call = callOf({ ...account, proxy: await door(account.domain) });
    try {
      await E2b.list({ ...call, requestTimeoutMs, limit: 1 }).nextItems();
      return { kind: 'accepted' };
    } catch (error) {
      if (error instanceof AuthenticationError) return { kind: 'rejected' };
      if (isClosed(error)) return { kind: 'not_allowed' };
      return { kind: 'unreachable', why: wordsOf(error) };
    }
  };
}

/** All that a client says of what its proxy answered is the number, in words. */
function isClosed(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.message.includes(`Proxy response (${doorClosed})`) || isClosed(error.cause);
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return wordsOf(error.cause);
  return error.message.includes('HTTP Tunneling') ? 'no such host, or nobody there' : error.message.slice(0, 200);
}
