import { z } from 'zod';
import { contextAccount } from '../../../context/account.ts';

/** Old results made room: in every later prompt each of these calls is answered by its `text`. */
export const contextCleared = z.object({
  turn: z.int(),
  calls: z.array(z.object({ callId: z.string(), text: z.string() })),
  before: contextAccount,
});
