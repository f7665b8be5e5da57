import { z } from 'zod';
import { newKey } from '../../../auth/api-key.ts';
import { keyScopes } from '../../../domain/authz/key-scopes.ts';
import { makeKey } from '../../../services/keys/make-key.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

/** Answers the key itself, this once. */
export const keysMake = orgProcedure('org:configure')
  .input(
    z.object({
      serviceAccountId: z.string(),
      scopes: z.array(z.enum(keyScopes)).min(1, 'Choose at least one right.').max(keyScopes.length),
      days: z.int().min(1).max(366, 'At most a year.'),
    }),
  )
  .mutation(async ({ ctx, input: { serviceAccountId, scopes, days } }) => {
    const key = newKey();
    const { keyId, expiresAt } = await makeKey(changeDeps(ctx), { key, serviceAccountId, scopes, days });
    return { keyId, key, expiresAt: expiresAt.toISOString() };
  });
