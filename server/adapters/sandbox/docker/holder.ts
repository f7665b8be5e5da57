import type { ContainerShell } from './container-shell.ts';

const beatMs = 5_000;

/**
 * Lives as long as it hears from us: a worker that is gone, or cut off, is found out by the sandbox itself after this
 * time, wherever the engine is. On `d` it says how much its work tree takes.
 */
const leaseSeconds = 60;
/** A look at the tree that takes longer has no end; nor has one that is not answered in the time of so many beats. */
const lookSeconds = 30;
const mostBeats = 12;
export const holderProgram = [
  '/bin/bash',
  '--noprofile',
  '--norc',
  '-c',
  `echo ready >&2; while IFS= read -r -t ${leaseSeconds} w; do
  case $w in d) set -- $(timeout -s KILL ${lookSeconds} du -sxB1 /work 2>/dev/null); echo "\${1:-none}";; esac; done`,
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
  /** Infinite where a look does not end: what nobody can see the size of is too large. */
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
  /** Beats since it was asked; null while it is not. */
  let waited: number | null = null;
  shell.output.on('data', (chunk: Buffer) => {
    waited = null;
    const bytes = Number.parseInt(chunk.toString('latin1'), 10);
    onTreeBytes(Number.isSafeInteger(bytes) ? bytes : Number.POSITIVE_INFINITY);
  });
  const timer = setInterval(() => {
    if (!shell.alive()) return clearInterval(timer);
    const measure = waited === null && busy();
    if (measure) waited = 0;
    else if (waited !== null) waited += 1;
    if (waited === mostBeats) onTreeBytes(Number.POSITIVE_INFINITY);
    shell.input.write(measure ? 'd\n' : 'b\n');
  }, beatMs);
  timer.unref();
  return timer;
}
