import type { ContainerInfo, VolumeInspectInfo } from 'dockerode';
import type { Reaped } from '../../../domain/ports/sandbox.ts';
import { labels } from './container-options.ts';
import { removeContainer } from './container-shell.ts';
import type { Engine } from './engine.ts';
import { removeVolume } from './volumes.ts';

/** A sandbox that is being opened has a volume before its holder, and a holder before that runs. */
const openingMs = 5 * 60_000;

/**
 * Removes what belongs to no living sandbox of this installation. A sandbox lives as long as its holder runs, and the
 * holder ends by itself when its worker is gone: so nobody's clock and no list of workers is needed to tell.
 */
export async function reapContainers(engine: Engine, installation: string): Promise<Reaped> {
  const filters = { label: [`${labels.installation}=${installation}`] };
  const [containers, { Volumes: volumes }, info] = await Promise.all([
    engine.call('list containers', (docker) => docker.listContainers({ all: true, filters })),
    engine.call('list volumes', (docker) => docker.listVolumes({ filters })),
    engine.call('tell its time', (docker) => docker.info() as Promise<{ SystemTime?: string }>),
  ]);
  const now = Date.parse(info.SystemTime ?? '') || 0;
  const living = new Set(containers.filter((one) => livesOn(one, now)).map(sandboxOf));
  const dead = containers.filter((one) => !living.has(sandboxOf(one)));
  // Those that share a holder's network go before it.
  const [holders, worlds] = [dead.filter(isHolder), dead.filter((one) => !isHolder(one))];
  await Promise.all(worlds.map(({ Id }) => removeContainer(engine, Id)));
  await Promise.all(holders.map(({ Id }) => removeContainer(engine, Id)));
  // One without any container may belong to a sandbox that is only being opened.
  const ended = new Set(dead.map(sandboxOf));
  const mayGo = (volume: VolumeInspectInfo) => ended.has(sandboxOf(volume)) || !isNew(volume, now);
  const left = (volumes ?? []).filter((volume) => !living.has(sandboxOf(volume)) && mayGo(volume));
  await Promise.all(left.map(({ Name }) => removeVolume(engine, Name)));
  const sandboxes = new Set([...ended, ...left.map(sandboxOf)]);
  return { sandboxes: sandboxes.size, processes: dead.filter(({ State }) => State === 'running').length };
}

function sandboxOf({ Labels }: { Labels?: Record<string, string> | null }): string {
  return Labels?.[labels.sandbox] ?? '';
}

function isHolder({ Labels }: ContainerInfo): boolean {
  return Labels[labels.role] === 'holder';
}

function livesOn(container: ContainerInfo, now: number): boolean {
  if (!isHolder(container)) return false;
  if (container.State === 'running') return true;
  return container.State === 'created' && now - container.Created * 1000 < openingMs;
}

function isNew(volume: VolumeInspectInfo & { CreatedAt?: string }, now: number): boolean {
  const made = Date.parse(volume.CreatedAt ?? '');
  return Number.isNaN(made) || now - made < openingMs;
}
