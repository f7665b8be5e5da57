import { AppError } from '../../../domain/errors.ts';
import { sandboxEnv } from '../bwrap-args.ts';
import type { Ground } from './container-options.ts';
import type { Engine } from './engine.ts';

/** What an engine is, beside what it means for containers. */
export type Survey = { ground: Ground; product: string; rootless: boolean };

type Info = {
  NCPU?: number;
  Architecture?: string;
  MemoryLimit?: boolean;
  PidsLimit?: boolean;
  CpuCfsQuota?: boolean;
  SecurityOptions?: string[] | null;
  Rootless?: boolean;
  CgroupVersion?: string;
  CgroupDriver?: string;
};

/** Looks at an engine and at the image its sandboxes are to be made of. Throws `sandbox_unavailable`. */
export async function surveyEngine(engine: Engine, image: string): Promise<Survey> {
  const [info, version, found] = await Promise.all([
    engine.call('say what it is', (docker) => docker.info() as Promise<Info>),
    engine.call('say its version', (docker) => docker.version()),
    engine.call('find its sandbox image', (docker) => docker.getImage(image).inspect()),
  ]);
  return {
    product: `${version.Components?.[0]?.Name?.replace(' Engine', '') ?? 'Docker'} ${version.Version}`,
    rootless: isRootless(info),
    ground: {
      image: pinned(found.Id, engine),
      arch: info.Architecture ?? version.Arch,
      processors: info.NCPU ?? 1,
      held: heldBy(info),
      env: { ...sandboxEnv, ...declared(found.Config?.Env ?? []), ...fixed },
    },
  };
}

function isRootless({ Rootless, SecurityOptions }: Info): boolean {
  return Rootless === true || (SecurityOptions ?? []).some((one) => one.includes('rootless'));
}

/** A rootless engine without cgroups of its own still answers what the host's kernel could do. */
function heldBy(info: Info): Ground['held'] {
  const delegated = !isRootless(info) || (info.CgroupVersion === '2' && info.CgroupDriver !== 'none');
  return {
    processes: delegated && info.PidsLimit === true,
    memoryBytes: delegated && info.MemoryLimit === true,
    cpus: delegated && info.CpuCfsQuota === true,
  };
}

const fixed = { HOME: sandboxEnv.HOME, LANG: sandboxEnv.LANG, CI: sandboxEnv.CI };

/** Docker answers `sha256:…`, Podman the bare digits. */
function pinned(id: string, { address }: Engine): string {
  const digits = /^(?:sha256:)?([0-9a-f]{64})$/u.exec(id)?.[1];
  if (digits !== undefined) return `sha256:${digits}`;
  throw new AppError('sandbox_unavailable', `The container engine ${address.name} did not say which image it found.`);
}

function declared(lines: string[]): Record<string, string> {
  const pairs = lines.map((line): [string, string] => [
    line.slice(0, line.indexOf('=')),
    line.slice(line.indexOf('=') + 1),
  ]);
  return Object.fromEntries(pairs.filter(([name]) => /^[A-Za-z_]\w*$/u.test(name) && name !== 'container'));
}
