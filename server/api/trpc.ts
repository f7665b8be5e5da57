import { initTRPC, TRPCError } from '@trpc/server';
import superjson from 'superjson';
import { z } from 'zod';
import type { Scope } from '../domain/authz/scopes.ts';
import { AppError } from '../domain/errors.ts';
import type { Context } from './context.ts';
import { countCall } from './count-call.ts';
import { enterOrg, rightOf, stillMay } from './enter-org.ts';
import { translated, wireError } from './wire-error.ts';

const t = initTRPC.context<Context>().create({
  transformer: superjson,
  errorFormatter: ({ shape, error }) => wireError(shape, error),
});

const translate = t.middleware(async ({ next }) => {
  const result = await next();
  if (!result.ok) throw translated(result.error);
  return result;
});

/**
 * A signed-in browser can be made to post by any page it visits; only our own pages may change something. A key is sent by
 * no browser of itself.
 */
const fromOwnPages = t.middleware(({ ctx, type, next }) => {
  if (type === 'mutation' && !ctx.ownOrigin && ctx.key === null) {
    throw new AppError(
      'forbidden',
      "This request was not sent by one of Fleet's own pages (Origin). Nothing was changed.",
    );
  }
  return next();
});

function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsNul);
}

/** What is nested beyond the stack is thrown as a RangeError by whoever walks it: the decoder, or we. */
async function holdsNulIn(getRawInput: () => Promise<unknown>): Promise<boolean> {
  try {
    return holdsNul(await getRawInput());
  } catch (error) {
    const fault = error instanceof TRPCError ? error.cause : error;
    if (!(fault instanceof RangeError)) throw error;
    throw new AppError('invalid_input', 'This is nested too deeply. Nothing that Fleet asks for is.');
  }
}

/** PostgreSQL keeps no NUL in text, and no text has one. */
const withoutNul = t.middleware(async ({ getRawInput, next }) => {
  if (await holdsNulIn(getRawInput)) {
    throw new AppError(
      'invalid_input',
      'This holds a NUL character, which no text has. Remove it, then send it again.',
    );
  }
  return next();
});

export const router = t.router;

const guarded = t.procedure.use(translate).use(fromOwnPages).use(withoutNul);

/** For the signed-in person; what he may see beyond himself is up to each procedure. A key speaks for no person. */
export const userProcedure = guarded.use(({ ctx, next }) => {
  if (ctx.key !== null) throw new AppError('forbidden', 'An API key acts within its org. Sign in for this.');
  if (ctx.viewer === null) throw new AppError('not_signed_in', 'Sign in to go on.');
  return next({ ctx: { ...ctx, viewer: ctx.viewer } });
});

/** For whoever holds an API key: what it is, before its org is known by name. */
export const keyProcedure = guarded.use(({ ctx, next }) => {
  if (ctx.key === null) throw new AppError('not_signed_in', 'This API key is not valid. Make another under Settings.');
  return next({ ctx: { ...ctx, key: ctx.key } });
});

/**
 * For members of the org named by `org` whose role has `scope`, and for keys of it that have it; hands over that org's
 * database client and nothing wider. To everyone else the org does not exist.
 */
export const orgProcedure = (scope: Scope) =>
  guarded
    .use(({ ctx, next }) => {
      if (ctx.viewer === null && ctx.key === null) {
        throw new AppError('not_signed_in', 'Sign in, or send an API key that is valid, to go on.');
      }
      return next();
    })
    .input(z.object({ org: z.string().min(1).max(100) }))
    .use(async ({ ctx, input, next }) => {
      const asked = { web: ctx.web, viewer: ctx.viewer, key: ctx.key, slug: input.org, scope };
      const entered = await enterOrg(asked);
      const who =
        ctx.key === null
          ? { kind: 'member' as const, id: entered.viewer.userId }
          : { kind: 'key' as const, id: ctx.key.keyId };
      await countCall(ctx, { ...who, orgId: entered.org.id });
      return next({ ctx: { ...ctx, ...entered, watched: { right: rightOf(asked), stillMay: () => stillMay(asked) } } });
    });
