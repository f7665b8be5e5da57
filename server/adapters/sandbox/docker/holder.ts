import type { ContainerShell } from './container-shell.ts';

const beatMs = 5_000;

/**
 * Lives as long as it hears from us: a worker that is gone, or cut off, is found out by the sandbox itself after this
 * time, wherever the engine is. On `d` it says how much its work tree takes.
 */
const leaseSeconds = 60;
export const holderProgram = [
  '/bin/bash',
  '--noprofile',
  '--norc',
  '-c',
  `echo ready >&2; while IFS= read -r -t ${leaseSeconds} w; do
  case $w in d) set -- $(du -sxB1 /work 2>/dev/null); echo "$1";; esac; done`,
];

/** What keeps a sandbox's loopback and its work tree, and tells the living from the dead. */
export type Holder = {
  id: string;
  alive(): boolean;
  close(): Promise<void>;
};

type Request = {
  /** Starts the program. */
  open(up: RegExp): Promise<ContainerShell>;
  /** Whether anything of the agent's runs: only then does the tree grow. */
  busy(): boolean;
  onTreeBytes(bytes: number): void;
};

/** Throws `sandbox_unavailable`. */
export async function openHolder({ open, busy, onTreeBytes }: Request): Promise<Holder> {
  const shell = await open(/^ready\n/mu);
  const close = async () => {
    clearInterval(beating);
    shell.stop('killed');
    await shell.ended;
  };
  const beating = beat(shell, { busy, onTreeBytes });
  try {
    await shell.ready();
  } catch (error) {
    await close();
    throw error;
  }
  return { id: shell.id, alive: shell.alive, close };
}

function beat(shell: ContainerShell, { busy, onTreeBytes }: Pick<Request, 'busy' | 'onTreeBytes'>): NodeJS.Timeout {
  let asked = false;
  shell.output.on('data', (chunk: Buffer) => {
    asked = false;
    const bytes = Number(chunk.toString('latin1').trim());
    if (Number.isSafeInteger(bytes)) onTreeBytes(bytes);
  });
  const timer = setInterval(() => {
    if (!shell.alive()) return clearInterval(timer);
    const measure = busy() && !asked;
    asked ||= measure;
    shell.input.write(measure ? 'd\n' : 'b\n');
  }, beatMs);
  timer.unref();
  return timer;
}
