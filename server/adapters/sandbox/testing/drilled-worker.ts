import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Sandbox, SandboxSpec } from '../../../domain/ports/sandbox.ts';
import { openOverlay } from '../layer.ts';
import { localSandbox } from '../local.ts';
import { throughHolder } from '../place.ts';

// A worker for drills, with every kind of sandbox there is. `churn` opens and closes them until it is killed, `hold` keeps
// so many with a command and a job in each, `reap` clears up and ends. Says a line for each that is up, or what it reaped.

const [, , dataDir = '', tree = '', marker = '', task = '', count = '0'] = process.argv;
const port = localSandbox({ dataDir });
const limits = { processes: 64, fileBytes: 2 ** 20, memoryBytes: 2 ** 29, diskBytes: 2 ** 30, cpus: 4 };
const signal = new AbortController().signal;
const say = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);
const exec = (sandbox: Sandbox, command: string) =>
  sandbox.exec({ command, timeoutMs: 600_000, maxOutputBytes: 100, signal });

const closed = { policy: { registries: [], rules: [] }, credentials: [], record: () => Promise.resolve() };
const kinds: ((at: number) => Promise<Partial<SandboxSpec>>)[] = [
  async () => ({}),
  async () => ({ writable: false }),
  async () => ({ egress: closed }),
  async (at) => ({ tree: await heldTree(at) }),
  async (at) => ({ tree: await heldTree(at), egress: closed }),
];

/** A work tree as runs have theirs: mounted in the namespaces of a holder that ends with this process. */
async function heldTree(at: number): Promise<string> {
  const dir = join(dataDir, 'trees', `${process.pid}-${at}`);
  await mkdir(dir, { recursive: true });
  const layer = await openOverlay({ dir, lowers: [tree] });
  return layer?.holder ? throughHolder(layer.holder, layer.work) : tree;
}

async function open(at: number): Promise<Sandbox> {
  const kind = await kinds[at % kinds.length]!(at);
  const sandbox = await port.open({ id: `run_${at}`, tree, writable: true, limits, ...kind });
  await sandbox.start({ command: `setsid sleep ${marker} & sleep ${marker}`, maxOutputBytes: 100 });
  return sandbox;
}

async function churn(first: number): Promise<void> {
  for (let at = first; ; at += 4) {
    const sandbox = await open(at);
    say({ up: at });
    await exec(sandbox, `setsid sleep ${marker} & true`);
    await sandbox.dispose();
  }
}

async function hold(): Promise<void> {
  const sandboxes = await Promise.all(Array.from({ length: Number(count) }, (_, at) => open(at)));
  for (const sandbox of sandboxes) void exec(sandbox, `setsid sleep ${marker} & sleep ${marker}`);
  // One command each, so that the others are known to run.
  await Promise.all(sandboxes.map((sandbox) => exec(sandbox, 'true')));
  say({ up: sandboxes.length });
  for await (const word of createInterface({ input: process.stdin })) {
    const done = await Promise.all(sandboxes.map((sandbox) => exec(sandbox, `echo ${word}`)));
    say({ answers: done.filter(({ exitCode }) => exitCode === 0).length });
  }
}

if (task === 'reap') say(await port.reap());
else if (task === 'hold') await hold();
else await Promise.all([0, 1, 2, 3].map(churn));
process.exit(0);
