import { z } from 'zod';
import { bypassSso } from '../../../services/sso/bypass-sso.ts';
import { userProcedure } from '../../trpc.ts';

/** Asked by an owner who may not enter yet: no procedure of the org would let the caller in. */
export const ssoBypass = userProcedure
  .input(z.object({ slug: z.string().min(1).max(100) }))
  .mutation(({ ctx: { web, viewer }, input: { slug } }) => {
    const { userId, sessionId } = viewer;
    return bypassSso({ database: web.database, now: web.clock.now(), userId, sessionId }, { org: slug });
  });
