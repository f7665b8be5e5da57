import { AppError } from '../../domain/errors.ts';
import { entersGit, placeInWork } from '../../domain/scope/work-path.ts';
import type { ExecRequest, ExecResult, Job, JobEnd, Sandbox, StartRequest } from '../../domain/ports/sandbox.ts';

type Command = (
  request: ExecRequest,
  files: Map<string, Uint8Array>,
) => Partial<ExecResult> | Promise<Partial<ExecResult>>;

export type MemorySandbox = Sandbox & {
  files: Map<string, Uint8Array>;
  /** Every command that was started, in order. */
  started: string[];
};

const bytes = (text: string) => new TextEncoder().encode(text);

export function output(text: string, exitCode = 0): Partial<ExecResult> {
  return { head: bytes(text), exitCode };
}

/** A command that runs until it is aborted or its time is over. */
export function runsOn({ signal }: ExecRequest): Promise<Partial<ExecResult>> {
  return new Promise((resolve) => {
    const cut = () => resolve({ ended: 'aborted', exitCode: null });
    if (signal.aborted) cut();
    else signal.addEventListener('abort', cut, { once: true });
  });
}

function entriesOf(files: Map<string, Uint8Array>, folder: string): string[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const below = [...files.keys()].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  return [...new Set(below.map((path) => path.replace(/\/.*/, '/')))];
}

type Saying = { say(text: string): void; end(exitCode: number): void };
type JobScript = (saying: Saying) => void;

/** A job that says and ends what its script makes it. `kill` is what closing its sandbox does. */
function memoryJob(id: string, { onOutput }: StartRequest, script: JobScript): Job & { kill(): void } {
  let said = '';
  const { promise: ended, resolve } = Promise.withResolvers<JobEnd>();
  script({
    say(text) {
      said += text;
      onOutput?.(bytes(text));
    },
    end: (exitCode) => resolve({ exitCode, ended: 'exited' }),
  });
  return {
    id,
    read: () => ({ head: bytes(said), tail: bytes(''), droppedBytes: 0 }),
    stop() {
      resolve({ exitCode: null, ended: 'stopped' });
      return ended;
    },
    kill: () => resolve({ exitCode: null, ended: 'killed' }),
    ended,
  };
}

/** Files in memory and commands as functions, behind the same port as the real sandbox. Unknown commands throw. */
export function memorySandbox({
  files: given = {},
  commands = {},
  jobs = {},
}: {
  files?: Record<string, string | Uint8Array>;
  commands?: Record<string, Command>;
  jobs?: Record<string, JobScript>;
} = {}): MemorySandbox {
  const files = new Map(
    Object.entries(given).map(([path, text]) => [path, typeof text === 'string' ? bytes(text) : text]),
  );
  const started: string[] = [];
  const running: ReturnType<typeof memoryJob>[] = [];
  let closed = false;
  const mustBeOpen = () => {
    if (closed) throw new AppError('sandbox_unavailable', 'This sandbox has been closed.');
  };
  return {
    files,
    started,
    async exec(request) {
      mustBeOpen();
      started.push(request.command);
      const command = commands[request.command];
      if (!command) throw new Error(`The memory sandbox does not know the command ${request.command}`);
      const rest = {
        exitCode: 0,
        ended: 'exited',
        head: bytes(''),
        tail: bytes(''),
        droppedBytes: 0,
        durationMs: 5,
      } as const;
      return { ...rest, ...(await command(request, files)) };
    },
    async read(given, { maxBytes }) {
      mustBeOpen();
      const place = placeInWork(given);
      if (!place.ok) return { kind: 'refused', reason: place.reason };
      const path = place.path === '.' ? '' : place.path;
      const content = files.get(path);
      if (content) return { kind: 'file', bytes: content.subarray(0, maxBytes), size: content.length };
      const entries = entriesOf(files, path);
      return entries.length > 0 ? { kind: 'directory', entries } : { kind: 'missing' };
    },
    async write(given, content, { mode }) {
      mustBeOpen();
      const place = placeInWork(given);
      if (!place.ok) return { kind: 'refused', reason: place.reason };
      const { path } = place;
      if (path === '.' || entersGit(path)) return { kind: 'refused', reason: 'nothing may be written there' };
      if (mode === 'create' && files.has(path)) return { kind: 'exists' };
      if (mode === 'replace' && !files.has(path)) return { kind: 'missing' };
      started.push(`write ${path}`);
      files.set(path, content);
      return { kind: 'written' };
    },
    async start(request) {
      mustBeOpen();
      started.push(request.command);
      const script = jobs[request.command];
      if (!script) throw new Error(`The memory sandbox knows no job ${request.command}`);
      const job = memoryJob(`m${started.length}`, request, script);
      running.push(job);
      return job;
    },
    async snapshot() {
      throw new Error('The memory sandbox has no folder on a host.');
    },
    async fork() {
      return memorySandbox({ files: Object.fromEntries(files), commands });
    },
    async dispose() {
      closed = true;
      for (const job of running.splice(0)) job.kill();
    },
  };
}
