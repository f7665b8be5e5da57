import { rm } from 'node:fs/promises';
import type { SandboxHealth, SandboxPort } from '../../../domain/ports/sandbox.ts';
import { directEgress, type EgressSettings } from '../../egress/settings.ts';
import { judgeProbe, noLimits, probeCommand, probeLimits } from '../probe-command.ts';
import { scratchFolder } from '../scratch.ts';
import { openEngine, type EngineAddress } from './engine.ts';
import { openContainer, type Yard } from './open-container.ts';
import { reapContainers } from './reap-containers.ts';
import { surveyEngine, type Survey } from './survey.ts';

export type DockerSettings = {
  engine: EngineAddress;
  /** Name or, better, id of the image sandboxes are made of. */
  image: string;
  /** Tells this installation's containers from another's on the same engine. */
  installation: string;
  egress?: EgressSettings;
};

/**
 * Sandboxes made of containers on a Docker or Podman engine, here or elsewhere. Every command is a container of its own
 * with a shell that was started ahead; all of one sandbox share a work volume and a loopback.
 */
export function dockerSandbox(settings: DockerSettings): SandboxPort {
  const { engine: address, image, installation, egress = directEgress } = settings;
  const engine = openEngine(address);
  let surveyed: Promise<Survey> | null = null;
  const survey = () => {
    surveyed ??= surveyEngine(engine, image);
    // The engine may be started, or its image made, meanwhile: a failure is not remembered.
    surveyed.catch(() => (surveyed = null));
    return surveyed;
  };
  const yard = async (): Promise<Yard> => ({ engine, installation, egress, ground: (await survey()).ground });
  return {
    provider: address.name,
    open: async (spec) => openContainer(await yard(), spec),
    probe: async () => {
      // What was found earlier may have changed: this is the moment to look.
      surveyed = null;
      return probe(survey, yard);
    },
    reap: () => reapContainers(engine, installation),
  };
}

async function probe(survey: () => Promise<Survey>, yard: () => Promise<Yard>): Promise<SandboxHealth> {
  const limits = { ...noLimits };
  const tree = await scratchFolder();
  try {
    const { ground, product, rootless } = await survey();
    limits.processes = ground.held.processes ? 'cgroup' : 'rlimit';
    limits.memoryBytes = ground.held.memoryBytes ? 'cgroup' : 'rlimit';
    limits.fileBytes = 'rlimit';
    limits.diskBytes = 'watchdog';
    limits.cpus = ground.held.cpus ? 'cgroup' : null;
    const sandbox = await openContainer(await yard(), { id: 'probe', tree, writable: true, limits: probeLimits });
    try {
      const signal = new AbortController().signal;
      const result = await sandbox.exec({ command: probeCommand, timeoutMs: 60_000, maxOutputBytes: 8192, signal });
      const held = ground.held.memoryBytes
        ? '; limits hold for each command'
        : '; its control groups are not delegated: limits hold for each process';
      const what = `${product}${rootless ? ', rootless' : ''}, image ${ground.image.slice(7, 19)}`;
      return judgeProbe(result, { what, note: held, limits });
    } finally {
      await sandbox.dispose();
    }
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error), limits };
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}
