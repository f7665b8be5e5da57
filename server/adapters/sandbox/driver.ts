import { randomBytes } from 'node:crypto';
import type { ExecResult, Job, Sandbox } from '../../domain/ports/sandbox.ts';

type Starting = {
  /** A program of plain Node, handed over as text, that says `ready <port>` once it listens on loopback. */
  script: string;
  /** Its arguments, behind the token that its requests carry as their path. */
  args?: string[];
  maxOutputBytes: number;
  startMs: number;
  signal: AbortSignal;
};

/** A helper of ours that runs in a sandbox and takes requests there, which the agent's commands cannot make. */
export type Driver = { job: Job; port: number; token: string };

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Starts a driver, or says what it said instead of being ready. Throws what an aborted signal carries. */
export async function startDriver(
  sandbox: Pick<Sandbox, 'start'>,
  { script, args = [], maxOutputBytes, startMs, signal }: Starting,
): Promise<Driver | { said: string }> {
  const token = randomBytes(16).toString('hex');
  const heard = Promise.withResolvers<void>();
  const words = [token, ...args].map(quoted).join(' ');
  const command = `exec node --input-type=module - ${words} <<'END OF DRIVER'\n${script}\nEND OF DRIVER\n`;
  const job = await sandbox.start({ command, maxOutputBytes, onOutput: () => heard.resolve() });
  const late = AbortSignal.any([signal, AbortSignal.timeout(startMs)]);
  const cut = new Promise<void>((resolve) => late.addEventListener('abort', () => resolve(), { once: true }));
  await Promise.race([heard.promise, job.ended, cut]);
  const said = Buffer.from(job.read().head).toString('latin1');
  const port = Number(/^ready (\d+)$/mu.exec(said)?.[1]);
  if (port > 0) return { job, port, token };
  await job.stop();
  signal.throwIfAborted();
  return { said: said.trim() };
}

/** Hands its input to a driver and says what that answers, its status first on a line of its own. */
const client = `const { request } = require('node:http');
const [port, path] = process.argv.slice(1);
const ask = request({ host: '127.0.0.1', port, path, method: 'POST', agent: false }, (answer) => {
  process.stdout.write(answer.statusCode + '\\n');
  answer.pipe(process.stdout);
});
ask.on('error', (error) => { console.error(error.message); process.exit(1); });
process.stdin.pipe(ask);`;

type Asking = { body: string; timeoutMs: number; mostBytes: number; signal: AbortSignal };

export type DriverAnswer =
  | { kind: 'answered'; status: number; body: string }
  /** `too_much`: longer than `mostBytes`. `gone`: there is no driver any more, or it broke off. */
  | { kind: 'timed_out' | 'too_much' | 'gone' };

/** One request of a driver. Throws what an aborted signal carries. */
export async function askDriver(
  sandbox: Pick<Sandbox, 'exec'>,
  { port, token }: Driver,
  { body, timeoutMs, mostBytes, signal }: Asking,
): Promise<DriverAnswer> {
  const done: ExecResult = await sandbox.exec({
    command: `exec node -e ${quoted(client)} ${port} /${token}`,
    stdin: Buffer.from(body),
    timeoutMs,
    // A whole answer fits in the kept head.
    maxOutputBytes: 2 * mostBytes,
    signal,
  });
  signal.throwIfAborted();
  if (done.ended === 'timed_out') return { kind: 'timed_out' };
  if (done.ended !== 'exited' || done.exitCode !== 0) return { kind: 'gone' };
  if (done.droppedBytes > 0) return { kind: 'too_much' };
  const text = Buffer.concat([done.head, done.tail]).toString('utf8');
  const line = text.indexOf('\n');
  return { kind: 'answered', status: Number(text.slice(0, line)), body: text.slice(line + 1) };
}
