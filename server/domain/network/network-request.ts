import { z } from 'zod';

/** Why a request did not leave. `rule` is the answer of the policy; the others come before or after it. */
const networkRefusals = ['malformed', 'odd_host', 'no_rule', 'private_address', 'unresolved', 'unreachable'] as const;

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
  /** The address that was dialled. */
  address: z.string().nullable(),
  /** Names of the placeholders that were replaced. */
  injected: z.array(z.string()),
});
export type NetworkRequest = z.infer<typeof networkRequest>;
