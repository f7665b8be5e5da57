import { rm } from 'node:fs/promises';
import type { SandboxHealth, SandboxPort } from '../../../domain/ports/sandbox.ts';
import { judgeProbe, noLimits, probeCommand, probeLimits } from '../probe-command.ts';
import { scratchFolder } from '../scratch.ts';
import { openMachine, type MachineYard } from './open-machine.ts';

/** Sandboxes each in a machine of its own, reached by a terminal. */
export function machinePort({ reap, ...yard }: MachineYard & Pick<SandboxPort, 'reap'>): SandboxPort {
  return { provider: yard.name, open: (spec) => openMachine(yard, spec), probe: () => probe(yard), reap };
}

/** Processors are the machine's own: as many as it was made with, whatever a sandbox asks for. */
const limits: SandboxHealth['limits'] = {
  processes: 'rlimit',
  fileBytes: 'rlimit',
  memoryBytes: 'rlimit',
  diskBytes: 'watchdog',
  cpus: null,
};

async function probe(yard: MachineYard): Promise<SandboxHealth> {
  const tree = await scratchFolder();
  try {
    const sandbox = await openMachine(yard, { id: 'probe', tree, writable: true, limits: probeLimits });
    try {
      const signal = new AbortController().signal;
      const result = await sandbox.exec({ command: probeCommand, timeoutMs: 60_000, maxOutputBytes: 8192, signal });
      return judgeProbe(result, { what: `a machine of ${yard.name} for each sandbox`, note: '', limits });
    } finally {
      await sandbox.dispose();
    }
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error), limits: { ...noLimits } };
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}
