import { z } from 'zod';
import { waits } from '../../../runs/run-state.ts';

/** The run gave up its place until what it waits for is there. */
export const runWaiting = z.object({ waits, approvalId: z.string().nullable() });
