import { undoDeletion } from '../../../services/orgs/request-deletion.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const orgsUndoDeletion = orgProcedure('org:own').mutation(async ({ ctx }) => {
  const { mailer, report, settings } = ctx.web;
  return undoDeletion({ ...changeDeps(ctx), mailer, report, publicUrl: settings.publicUrl, by: ctx.viewer.email });
});
