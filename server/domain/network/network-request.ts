import { z } from 'zod';
import { verdict } from '../policy/verdict.ts';

/**
 * Why a request did not leave. `no_rule` is the answer of the role's list, `policy` that of the layers; the others come before or after. `unrecorded`: it
 * could not be written down. `unencrypted`: it would have carried a secret in the clear. `unreachable` may follow the record
 * of the same request as an allowed one.
 */
const networkRefusals = [
  'malformed',
  'odd_host',
  'no_rule',
  'policy',
  'private_address',
  'unresolved',
  'unreachable',
  'unrecorded',
  'unencrypted',
] as const;

/** One request of a sandbox to its proxy, as it is written down. Never holds a query, a header or a body. */
export const networkRequest = z.object({
  method: z.string().max(20),
  host: z.string().max(300),
  port: z.int(),
  /** Null for a tunnel, whose content cannot be seen. */
  path: z.string().max(1000).nullable(),
  allowed: z.boolean(),
  /** The rule that allowed it, in words; else why it was refused. */
  rule: z.string().max(400),
  refusal: z.enum(networkRefusals).nullable(),
  /** The addresses that were looked at and may be dialled, in that order. */
  address: z.string().nullable(),
  /** Names of the secrets that were put in. */
  injected: z.array(z.string()),
  /** What the layers of policy said, where they were asked. */
  verdict: verdict.optional(),
});
export type NetworkRequest = z.infer<typeof networkRequest>;
