import { localSandbox } from '../../server/adapters/sandbox/local.ts';
import type { Weakness } from '../../server/adapters/sandbox/weakness.ts';
import { sandboxLimits } from '../../server/domain/checks/limits.ts';
import type { SandboxEgress, SandboxPort } from '../../server/domain/ports/sandbox.ts';
import { both } from '../layers.ts';
import type { Confined, Subject } from './subject.ts';

const mebibyte = 2 ** 20;

/** Small enough that going over them takes no time. */
const tightLimits = { ...sandboxLimits, processes: 64, fileBytes: 32 * mebibyte, memoryBytes: 512 * mebibyte };

/** Fleet's local sandboxes over a data folder, with all their layers or some taken away. */
export function ours(dataDir: string, weakness: Weakness = {}): Subject {
  const port = localSandbox({ dataDir }, weakness);
  return {
    name: 'fleet',
    open: (tree) => confined(port, tree),
    openWithout: (tree, lacking) => confined(localSandbox({ dataDir }, both(weakness, lacking)), tree),
  };
}

/** Where a wall is missing, what holds a command open may never end: an experiment goes on without it. */
const patienceMs = 20_000;

async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

let opened = 0;

/** A sandbox over a tree, with a way out where `egress` is one. `bringsHome`: the tree is on the host after each command. */
export async function confined(
  port: SandboxPort,
  tree: string,
  { egress = null, bringsHome = false }: { egress?: SandboxEgress | null; bringsHome?: boolean } = {},
): Promise<Confined> {
  opened += 1;
  const sandbox = await port.open({ id: `run_attack_${opened}`, tree, writable: true, limits: tightLimits, egress });
  return {
    async run(command, { timeoutMs = 20_000 } = {}) {
      const signal = new AbortController().signal;
      const running = sandbox.exec({ command, timeoutMs, maxOutputBytes: 1024 * 1024, signal });
      const done = await within(running, timeoutMs + patienceMs);
      if (done === null) return 'hung\n';
      if (bringsHome) await sandbox.snapshot();
      const output = Buffer.concat([done.head, done.tail]).toString('latin1');
      return `${done.ended} ${done.exitCode ?? ''}\n${output}`;
    },
    files: sandbox,
    close: async () => void (await within(sandbox.dispose(), patienceMs)),
  };
}
