import { z } from 'zod';

/** A secret that sandboxes' proxies may send to `places` in `header`; never the secret itself. */
export const secretSaved = z.object({
  secretId: z.string(),
  name: z.string(),
  places: z.array(z.string()),
  header: z.string(),
  inSetUp: z.boolean(),
  inRuns: z.boolean(),
  /** Null: in every repo of the org. */
  repoId: z.string().nullable(),
  replaced: z.boolean(),
});
