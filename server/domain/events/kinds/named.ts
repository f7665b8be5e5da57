import { z } from 'zod';

/** A webhook as its events name it: `place` is only where it leads, not its path. */
export const namedWebhook = { webhookId: z.string(), place: z.string() };

export const namedMcpServer = { serverId: z.string(), name: z.string() };

/** Of a version that another person approved: the approval, and who wrote it. */
export const approvedVersion = { approvalId: z.string().optional(), authorId: z.string().optional() };
