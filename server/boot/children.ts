import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../domain/errors.ts';
import { endProcess, identify, signalProcess } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import type { Service } from './supervisor.ts';

/** A Node process of the installation, as data. */
export type ChildSpec = {
  name: string;
  /** Arguments of `node`. */
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** Ready once a GET of it answers 200. */
  readyUrl: string;
  readyMs: number;
  /** How long it may take to stop before it is killed. */
  stopMs: number;
};

export type ChildContext = {
  /** Output goes to a file: a pipe would break, and its writer with it, when the supervisor dies. */
  logFile: string;
  say: (line: string) => void;
  record: (identity: ProcessIdentity | null) => void;
  /** Resolves once what the child needs is there: no use in starting it again before. */
  whenPossible: () => Promise<void>;
};

const firstDelayMs = 250;
const longestDelayMs = 10_000;
/** A child that stayed up this long starts again with the shortest delay. */
const steadyMs = 30_000;

/** Arguments of `node` that make a child of this process stop when this process is gone; it needs an IPC channel. */
export const lifeline = ['--import', new URL(`./lifeline.ts?parent=${process.pid}`, import.meta.url).href] as const;

type Life = {
  process: ChildProcess;
  identity: ProcessIdentity | null;
  exited: Promise<string>;
  since: number;
  /** Where its own part of the log begins, in bytes. */
  logStart: number;
};

/** Keeps one child process running: started again, and said so, whenever it dies before `stop`. */
export function superviseChild(spec: ChildSpec, context: ChildContext): Service {
  const state = { life: null as Life | null, stopping: new AbortController(), guard: Promise.resolve() };
  return {
    name: spec.name,
    pid: () => state.life?.identity?.pid ?? null,
    async start() {
      const life = launch(spec, context);
      state.life = life;
      await ready(spec, context, life);
      state.guard = keepAlive(spec, context, state);
    },
    async stop() {
      state.stopping.abort();
      const identity = state.life?.identity ?? null;
      if (identity !== null) {
        const how = await endProcess(identity, { signal: 'SIGTERM', graceMs: spec.stopMs });
        if (how === 'killed') context.say(`${spec.name} did not stop within ${spec.stopMs / 1000} s and was killed`);
      }
      await state.guard;
      context.record(null);
    },
    kill() {
      state.stopping.abort();
      if (state.life?.identity) signalProcess(state.life.identity, 'SIGKILL');
    },
  };
}

async function keepAlive(
  spec: ChildSpec,
  context: ChildContext,
  state: { life: Life | null; stopping: AbortController },
): Promise<void> {
  const { signal } = state.stopping;
  let delay = firstDelayMs;
  while (state.life !== null) {
    const { life } = state;
    const how = await life.exited;
    if (signal.aborted) return;
    if (Date.now() - life.since > steadyMs) delay = firstDelayMs;
    context.say(`${spec.name} died (${how}); starting it again in ${delay / 1000} s. Its log: ${context.logFile}`);
    await sleep(delay, undefined, { signal }).catch(() => undefined);
    await context.whenPossible();
    if (signal.aborted) return;
    delay = Math.min(delay * 2, longestDelayMs);
    state.life = launch(spec, context);
    await ready(spec, context, state.life).then(
      () => context.say(`${spec.name} runs again`),
      (error: unknown) => {
        if (!signal.aborted) context.say(error instanceof Error ? error.message : String(error));
      },
    );
  }
}

function launch(spec: ChildSpec, context: ChildContext): Life {
  const log = fs.openSync(context.logFile, 'a', 0o600);
  const logStart = fs.fstatSync(log).size;
  const child = spawn(process.execPath, [...lifeline, ...spec.args], {
    cwd: spec.cwd,
    env: spec.env as NodeJS.ProcessEnv,
    // A session of its own: Ctrl-C in the terminal reaches the supervisor only, which stops the children in order.
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  fs.closeSync(log);
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const identity = child.pid === undefined ? null : identify(child.pid);
  context.record(identity);
  return { process: child, identity, exited, since: Date.now(), logStart };
}

/** Resolves once the child answers; rejects as soon as that cannot come any more. */
async function ready(spec: ChildSpec, context: ChildContext, life: Life): Promise<void> {
  const notReady = (what: string) =>
    new AppError('unavailable', `${spec.name} ${what}. ${quoteLog(context.logFile, life)}`);
  const end = Date.now() + spec.readyMs;
  const gone = life.exited.then((how) => ({ how }));
  while (Date.now() < end) {
    if (await answers(spec.readyUrl)) return;
    const died = await Promise.race([gone, sleep(50, null)]);
    if (died !== null) throw notReady(`ended before it was ready (${died.how})`);
  }
  // It is alive and may be stuck for good: ended here, it is started anew instead of being waited for.
  if (life.identity !== null) await endProcess(life.identity, { signal: 'SIGTERM', graceMs: spec.stopMs });
  throw notReady(`did not answer within ${spec.readyMs / 1000} s`);
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: 'manual' });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

function quoteLog(file: string, life: Life): string {
  const said = lastLines(file, { from: life.logStart });
  return said === '' ? `It wrote nothing to its log, ${file}.` : `Its log (${file}):\n${said}`;
}

/** The last lines that a log file holds behind byte `from`, indented; empty when there are none. */
export function lastLines(file: string, { from = 0, count = 15 }: { from?: number; count?: number } = {}): string {
  const mostBytes = 16_384;
  const descriptor = fs.openSync(file, 'r');
  try {
    const { size } = fs.fstatSync(descriptor);
    const start = Math.max(from, size - mostBytes);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    fs.readSync(descriptor, buffer, 0, buffer.length, start);
    const text = buffer.toString('utf8').trimEnd();
    return text === ''
      ? ''
      : text
          .split('\n')
          .slice(-count)
          .map((line) => `  ${line}`)
          .join('\n');
  } finally {
    fs.closeSync(descriptor);
  }
}
