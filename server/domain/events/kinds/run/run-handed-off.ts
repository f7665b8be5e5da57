import { z } from 'zod';

/** The run handed its work in. */
export const runHandedOff = z.object({ handoffId: z.string(), body: z.unknown() });
