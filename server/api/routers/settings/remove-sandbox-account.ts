import { removeSandboxAccount } from '../../../services/engines/remove-sandbox-account.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const settingsRemoveSandboxAccount = orgProcedure('org:configure').mutation(({ ctx }) =>
  removeSandboxAccount(changeDeps(ctx)),
);
