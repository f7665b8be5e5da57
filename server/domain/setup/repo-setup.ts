import { z } from 'zod';
import { registryNames } from '../network/registries.ts';
import { globProblem } from '../scope/glob.ts';
import { placeInWork } from '../scope/work-path.ts';

const commandLines = z.string().trim().max(4_000, 'A command is at most 4,000 characters long.');
const glob = z.string().superRefine((value, context) => {
  const problem = globProblem(value);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});
const filePath = z
  .string()
  .max(300)
  .refine((path) => {
    const place = placeInWork(path);
    return place.ok && place.path === path && path !== '.';
  }, 'A lockfile is a path below the root of the repo.');

/** What has to run beside the tests: a database, a queue. By command in the sandbox, or by image where an engine is. */
const repoService = z
  .object({
    name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'A service has a name of small letters, digits and dashes.'),
    command: commandLines.nullable().default(null),
    image: z
      .string()
      .trim()
      .regex(/^\w[\w.:/@-]{0,299}$/u, 'An image is a name such as postgres:18.')
      .nullable()
      .default(null),
    /** Told to the image. No secrets: everybody of the org reads them. */
    env: z
      .record(
        z.string().regex(/^[A-Za-z_]\w{0,99}$/u, 'A variable has a name of letters, digits and underscores.'),
        z.string().regex(/^\S{0,500}$/u, 'A variable’s value holds no spaces.'),
      )
      .default({}),
    port: z.int().min(1).max(65_535),
    /** A command that succeeds once the service answers; null: once its port takes connections. */
    health: commandLines.nullable().default(null),
  })
  .refine(({ command, image }) => (command === null) !== (image === null), 'A service has a command or an image.')
  .refine(({ command, env }) => command === null || Object.keys(env).length === 0, 'Only an image is told variables.');

export type RepoService = z.infer<typeof repoService>;

/** How a repo's dependencies come to be there and what of it is run, besides its test command. */
export const repoSetup = z.object({
  /** Makes dependencies available; run once per state of `lockfiles`, with nothing but `registries` open. '' for none. */
  install: commandLines.default(''),
  build: commandLines.default(''),
  lint: commandLines.default(''),
  registries: z.array(z.enum(registryNames)).max(registryNames.length).default([]),
  /** Files whose content decides whether dependencies that are there already still fit. */
  lockfiles: z.array(filePath).max(50).default([]),
  /** More tests, for changes that touch these paths. */
  tests: z
    .array(z.object({ paths: z.array(glob).min(1).max(20), command: commandLines.min(1) }))
    .max(10)
    .default([]),
  services: z.array(repoService).max(8).default([]),
});
export type RepoSetup = z.infer<typeof repoSetup>;

export const noSetup: RepoSetup = repoSetup.parse({});

/** A repo's stored setting; null is a repo that was connected before there was any. */
export function readSetup(stored: unknown): RepoSetup {
  return stored === null || stored === undefined ? noSetup : repoSetup.parse(stored);
}
