import { removeSsoProvider } from '../../../services/sso/save-sso-provider.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const ssoRemove = orgProcedure('org:own').mutation(({ ctx }) => removeSsoProvider(changeDeps(ctx)));
