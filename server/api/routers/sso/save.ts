import { z } from 'zod';
import { saveSsoProvider } from '../../../services/sso/save-sso-provider.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

const oneWord = z.string().regex(/^[\x21-\x7e]{1,500}$/, 'Copy it again, whole and without spaces.');

/** An owner's: whoever names the provider says who is who, owners included. */
export const ssoSave = orgProcedure('org:own')
  .input(z.object({ issuer: z.string().max(500), client: oneWord, clientSecret: oneWord }))
  .mutation(({ ctx, input: { issuer, client: clientId, clientSecret } }) => {
    const { secretBoxes, findOidc } = ctx.web;
    const deps = { ...changeDeps(ctx), secretBoxes, findOidc, operator: ctx.viewer.operator };
    return saveSsoProvider(deps, { issuer, clientId, clientSecret });
  });
