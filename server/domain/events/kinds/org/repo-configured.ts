import { z } from 'zod';

/** What is set up and run for a repo from now on. */
export const repoConfigured = z.object({
  repoId: z.string(),
  name: z.string(),
  testCommand: z.string(),
  install: z.string(),
  build: z.string(),
  lint: z.string(),
  registries: z.array(z.string()),
  lockfiles: z.array(z.string()),
  tests: z.array(z.object({ paths: z.array(z.string()), command: z.string() })),
  services: z.array(z.string()),
});
