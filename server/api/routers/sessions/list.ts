import { listSessions } from '../../../services/sessions/list-sessions.ts';
import { userProcedure } from '../../trpc.ts';

export const sessionsList = userProcedure.query(({ ctx: { web, viewer } }) => {
  const { userId, sessionId } = viewer;
  return listSessions({ system: web.database.system, userId, sessionId, now: web.clock.now() });
});
