import { z } from 'zod';

/** For how many days payloads of a kind are kept; null: for ever. */
export const retentionSet = z.object({ kind: z.string(), from: z.int().nullable(), to: z.int().nullable() });
