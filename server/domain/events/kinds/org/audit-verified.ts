import { z } from 'zod';

/** A person had the log checked where it is stored, and what that came to. */
export const auditVerified = z.object({ streams: z.int(), events: z.int(), ok: z.boolean() });
