import { z } from 'zod';

/** A person said which files of a repo are its auth, money and public API; each class with the patterns added to Fleet’s own. */
export const repoClassesConfirmed = z.object({
  repoId: z.string(),
  name: z.string(),
  version: z.int(),
  classes: z.array(z.object({ class: z.string(), globs: z.array(z.string()) })),
});
