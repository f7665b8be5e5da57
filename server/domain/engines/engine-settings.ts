import { z } from 'zod';

/** Where sandboxes are made without any container engine: on this machine, by bubblewrap. */
export const localPlace = 'local';

/** An engine as the operator entered it: Docker's API by its address, or E2B as `e2b://DOMAIN`. Certificates and key are PEM texts. */
const engine = z.object({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be a short name of small letters, digits and dashes, such as build-host')
    .refine((name) => name !== localPlace, 'must not be local: that is this machine without an engine'),
  url: z.string().min(1),
  tls: z.object({ ca: z.string().optional(), cert: z.string().optional(), key: z.string().optional() }).nullable(),
  /** What an account of E2B is called by. */
  apiKey: z.string().min(1).nullable().default(null),
  /** By content or name, at E2B a template; null until one was made or named. */
  image: z.string().min(1).nullable(),
});
export type EngineRecord = z.infer<typeof engine>;

/** What the operator says about where sandboxes are made. Never a tenant's word. */
export const engineSettings = z.object({
  /** Tells this installation's containers from another's on the same engine. */
  installation: z.string().min(1),
  engines: z.array(engine),
  /** The place of every org that has none of its own: `local` or an engine's name. */
  use: z.string(),
  /** Places by org id. */
  orgs: z.record(z.string(), z.string()),
  /** Images of repos that need another than their engine's, by repo id. */
  images: z.record(z.string(), z.string()).default({}),
  /** Which orgs may share a kernel: all of them, or those that are named, by id. */
  trust: z.union([z.literal('all'), z.array(z.string())]),
});
export type EngineSettings = z.infer<typeof engineSettings>;

export function placeOfOrg({ orgs, use }: EngineSettings, orgId: string): string {
  return orgs[orgId] ?? use;
}

/** Whether the operator gave this org a place of its own. */
export function isPlacedByName({ orgs }: EngineSettings, orgId: string): boolean {
  return orgs[orgId] !== undefined;
}

export function engineNamed({ engines }: EngineSettings, name: string): EngineRecord | null {
  return engines.find((one) => one.name === name) ?? null;
}

/** Whether two orgs may run on one kernel. */
export function trustEachOther({ trust }: Pick<EngineSettings, 'trust'>, one: string, other: string): boolean {
  return one === other || trust === 'all' || (trust.includes(one) && trust.includes(other));
}

/** The domain of an engine that is an account of E2B; null for every other. */
export function e2bDomain({ url }: Pick<EngineRecord, 'url'>): string | null {
  return /^e2b:\/\/([a-z0-9.-]+(?::\d+)?)\/?$/u.exec(url)?.[1] ?? null;
}

/**
 * The kernel under a place: the engine's, whatever names it was entered under. An engine that is reached on this machine is
 * taken to stand on this machine's own. Null where each sandbox has a machine of its own.
 */
export function kernelOf(settings: EngineSettings, place: string): string | null {
  const engine = engineNamed(settings, place);
  if (engine === null || !URL.canParse(engine.url)) return localPlace;
  if (e2bDomain(engine) !== null) return null;
  const { protocol, hostname } = new URL(engine.url);
  if (protocol === 'unix:' || /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/u.test(hostname)) return localPlace;
  return hostname;
}
