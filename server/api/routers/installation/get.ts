import { getInstallation } from '../../../services/installation/get-installation.ts';
import { userProcedure } from '../../trpc.ts';

export const installationGet = userProcedure.query(({ ctx }) => {
  const { database, engines, settings } = ctx.web;
  const { publicUrl, environmentModelKey, mail, signUp, deletionGraceDays } = settings;
  return getInstallation({
    database,
    operator: ctx.viewer.operator,
    engines,
    settings: { publicUrl, environmentModelKey, mail, signUp, deletionGraceDays },
    monotonic: () => performance.now(),
  });
});
