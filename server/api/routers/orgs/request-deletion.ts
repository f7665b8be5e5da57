import { z } from 'zod';
import { signedInAt } from '../../../auth/session.ts';
import { requestDeletion } from '../../../services/orgs/request-deletion.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const orgsRequestDeletion = orgProcedure('org:own')
  .input(z.object({ name: z.string().max(200) }))
  .mutation(async ({ ctx, input }) => {
    const { mailer, bus, report, settings, database } = ctx.web;
    return requestDeletion(
      {
        ...changeDeps(ctx),
        mailer,
        bus,
        report,
        publicUrl: settings.publicUrl,
        graceDays: settings.deletionGraceDays,
        by: ctx.viewer.email,
        signedInAt: await signedInAt(database.system, ctx.viewer.sessionId),
      },
      input,
    );
  });
