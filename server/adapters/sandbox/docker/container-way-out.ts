import { copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { SandboxEgress, SandboxMount } from '../../../domain/ports/sandbox.ts';
import type { EgressSettings } from '../../egress/settings.ts';
import { scratchFolder } from '../scratch.ts';
import { openWayOut } from '../way-out.ts';
import type { ContainerShell } from './container-shell.ts';
import { openGate } from './gate.ts';

export type ContainerWayOut = { env: Record<string, string>; mounts: SandboxMount[] };

type Request = {
  egress: SandboxEgress;
  settings: EgressSettings;
  /** Starts the gate on the loopback that the sandbox's commands share. */
  open(up: RegExp): Promise<ContainerShell>;
  /** What has to be undone, the last first. */
  steps: (() => Promise<unknown>)[];
};

/** The proxy of one sandbox here and a gate to it there. Folders are shown, for volumes are folders. */
export async function openContainerWayOut({ egress, settings, open, steps }: Request): Promise<ContainerWayOut> {
  const dir = await scratchFolder();
  steps.push(() => rm(dir, { recursive: true, force: true }));
  const way = await openWayOut(dir, egress, settings);
  steps.push(way.close);
  if (way.socket !== null) {
    const gate = await openGate({ open, socket: way.socket });
    steps.push(gate.close);
  }
  return {
    env: way.env,
    mounts: await Promise.all(way.mounts.map((mount, at) => asFolder(mount, join(dir, `shown-${at}`)))),
  };
}

async function asFolder({ from, to }: SandboxMount, folder: string): Promise<SandboxMount> {
  if ((await stat(from)).isDirectory()) return { from, to };
  await mkdir(folder, { mode: 0o755 });
  await copyFile(from, join(folder, basename(to)));
  return { from: folder, to: dirname(to) };
}
