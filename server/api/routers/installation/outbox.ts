import { listOutbox } from '../../../services/installation/list-outbox.ts';
import { userProcedure } from '../../trpc.ts';

export const installationOutbox = userProcedure.query(({ ctx }) =>
  listOutbox({ system: ctx.web.database.system, outbox: ctx.web.settings.outbox, operator: ctx.viewer.operator }),
);
