import { z } from 'zod';

/** Of a version that another person approved: the approval, and who wrote it. */
const approved = { approvalId: z.string().optional(), authorId: z.string().optional() };

/** What became of an org's roles. */
export const roleEvents = {
  /** A role got a next version; `restored` is the one that it is again. */
  'role.saved': z.object({
    roleId: z.string(),
    role: z.string(),
    version: z.int(),
    hash: z.string(),
    note: z.string(),
    restored: z.int().nullable(),
    ...approved,
  }),
  /** A role came into the org, with one agent: `from` the catalogue's or another role of the org. */
  'role.added': z.object({
    roleId: z.string(),
    role: z.string(),
    from: z.object({ kind: z.enum(['catalogue', 'role']), name: z.string() }),
    hash: z.string(),
    agentId: z.string(),
    agent: z.string(),
    ...approved,
  }),
  'role.tools-changed': z.object({
    roleId: z.string(),
    role: z.string(),
    version: z.int(),
    hash: z.string(),
    tools: z.array(z.string()),
    servers: z.array(z.string()),
  }),
};
