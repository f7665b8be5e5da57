import { listOrgs } from '../../../services/orgs/list-orgs.ts';
import { userProcedure } from '../../trpc.ts';

export const meGet = userProcedure.query(async ({ ctx: { web, viewer } }) => {
  const { userId, email, operator } = viewer;
  const { database, settings } = web;
  const connected = await database.system.account.count({ where: { userId, provider: 'github' } });
  return {
    email,
    operator,
    /** Whether the person signs in with GitHub, and whether anybody can here. */
    github: { connected: connected > 0, possible: settings.github !== null },
    orgs: await listOrgs(database, { userId }),
  };
});
