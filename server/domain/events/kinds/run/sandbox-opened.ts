import { z } from 'zod';

/** A sandbox was made of another image than the one before; never where it is the host's own system. */
export const sandboxOpened = z.object({ image: z.string() });
