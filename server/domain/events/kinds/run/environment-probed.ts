import { z } from 'zod';

/** What is installed in the run's sandbox, as that answered once before the first model call: name and version. */
export const environmentProbed = z.object({ tools: z.array(z.string()) });
