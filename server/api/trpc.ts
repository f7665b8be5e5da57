import { initTRPC } from '@trpc/server';
import superjson from 'superjson';
import { z } from 'zod';
import { can, type Scope } from '../domain/authz/scopes.ts';
import { AppError } from '../domain/errors.ts';
import { orgOfMember } from '../auth/org-of-member.ts';
import type { Context } from './context.ts';
import { translated, wireError } from './wire-error.ts';

const t = initTRPC.context<Context>().create({
  transformer: superjson,
  errorFormatter: ({ shape, error }) => wireError(shape, error),
  sse: {
    ping: { enabled: true, intervalMs: 10_000 },
    client: { reconnectAfterInactivityMs: 30_000 },
  },
});

const translate = t.middleware(async ({ next }) => {
  const result = await next();
  if (!result.ok) throw translated(result.error);
  return result;
});

/** A signed-in browser can be made to post by any page it visits; only our own pages may change something. */
const fromOwnPages = t.middleware(({ ctx, type, next }) => {
  if (type === 'mutation' && !ctx.ownOrigin) {
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

/** PostgreSQL keeps no NUL in text, and no text has one. */
const withoutNul = t.middleware(async ({ getRawInput, next }) => {
  if (holdsNul(await getRawInput())) {
    throw new AppError(
      'invalid_input',
      'This holds a NUL character, which no text has. Remove it, then send it again.',
    );
  }
  return next();
});

export const router = t.router;

/** For the signed-in person; what he may see beyond himself is up to each procedure. */
export const userProcedure = t.procedure
  .use(translate)
  .use(fromOwnPages)
  .use(withoutNul)
  .use(({ ctx, next }) => {
    if (ctx.viewer === null) throw new AppError('not_signed_in', 'Sign in to go on.');
    return next({ ctx: { ...ctx, viewer: ctx.viewer } });
  });

/**
 * For members of the org named by `org` whose role has `scope`; hands over that org's database client and nothing wider.
 * To everyone else the org does not exist.
 */
export const orgProcedure = (scope: Scope) =>
  userProcedure.input(z.object({ org: z.string().min(1).max(100) })).use(async ({ ctx, input, next }) => {
    const found = await orgOfMember(ctx.web.database, { slug: input.org, userId: ctx.viewer.userId });
    if (!can(found.role, scope)) {
      throw new AppError('forbidden', `Your role in this org, ${found.role}, does not include ${scope}.`);
    }
    const db = ctx.web.database.org(found.org.id);
    return next({
      ctx: {
        ...ctx,
        org: found.org,
        role: found.role,
        db,
        actor: { type: 'user' as const, userId: ctx.viewer.userId },
      },
    });
  });
