import { z } from 'zod';
import { addServiceAccount } from '../../../services/keys/add-service-account.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

const name = z
  .string()
  .trim()
  .min(1, 'Give the service account a name.')
  .max(80, 'A name of at most 80 characters.')
  .regex(/^[^\p{Cc}]*$/u, 'One line without control characters.');

export const keysAddAccount = orgProcedure('org:configure')
  .input(z.object({ name }))
  .mutation(({ ctx, input }) => addServiceAccount(changeDeps(ctx), input));
