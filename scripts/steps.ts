import { spawn } from 'node:child_process';

export type StepResult = { name: string; ok: boolean; millis: number; output: string };

/** Runs one command to its end with its output shown as it comes; `output` keeps it for whoever counts. */
export function runStep(name: string, command: string, args: string[], limitMs?: number): Promise<StepResult> {
  process.stdout.write(`\n── ${name}: ${[command, ...args].join(' ')}\n`);
  return run({ name, command, args, show: true, limitMs });
}

/** The same for output that only a program reads. */
export function runQuietly(name: string, command: string, args: string[]): Promise<StepResult> {
  return run({ name, command, args, show: false });
}

/** A command with a limit has a process group of its own: what it started is ended with it, when it is late or interrupted. */
type Command = { name: string; command: string; args: string[]; show: boolean; limitMs?: number | undefined };

function run({ name, command, args, show, limitMs }: Command): Promise<StepResult> {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: limitMs !== undefined });
    const signal = (name: NodeJS.Signals) => {
      if (limitMs === undefined || child.pid === undefined) child.kill(name);
      else process.kill(-child.pid, name);
    };
    const late = () => {
      process.stderr.write(`${name} did not end within ${limitMs} ms and is killed.\n`);
      signal('SIGKILL');
      // Not on `close`: what left the group may hold its output open.
      end(false);
    };
    const timer = limitMs === undefined ? undefined : setTimeout(late, limitMs);
    const chunks: Buffer[] = [];
    const keep = (to: NodeJS.WriteStream) => (chunk: Buffer) => {
      chunks.push(chunk);
      if (show) to.write(chunk);
    };
    child.stdout.on('data', keep(process.stdout));
    child.stderr.on('data', keep(process.stderr));
    const onInterrupt = () => signal('SIGINT');
    const onTerminate = () => signal('SIGTERM');
    process.once('SIGINT', onInterrupt);
    process.once('SIGTERM', onTerminate);
    const end = (ok: boolean) => {
      clearTimeout(timer);
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
      const output = Buffer.concat(chunks).toString('utf8');
      resolve({ name, ok, millis: Math.round(performance.now() - started), output });
    };
    child.once('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      end(false);
    });
    child.once('close', (code) => end(code === 0));
  });
}

export function printSteps(results: StepResult[]): void {
  process.stdout.write('\n');
  for (const { name, ok, millis } of results) {
    process.stdout.write(`${ok ? '✓' : '✗'} ${name.padEnd(12)} ${(millis / 1000).toFixed(1)} s\n`);
  }
}
