import { userProcedure } from '../../trpc.ts';

/** The person signs in by mail from now on; sessions that GitHub made go on. */
export const meDisconnectGithub = userProcedure.mutation(async ({ ctx: { web, viewer } }) => {
  await web.database.system.account.deleteMany({ where: { userId: viewer.userId, provider: 'github' } });
});
