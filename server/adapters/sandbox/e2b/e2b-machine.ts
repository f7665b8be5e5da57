import { Sandbox as E2b } from 'e2b';
import type { SandboxSpec } from '../../../domain/ports/sandbox.ts';
import type { Machine } from '../machine/machine.ts';
import { e2bFault } from './e2b-fault.ts';

export type E2bAccount = {
  /** The operator's name for it. */
  name: string;
  /** `e2b.app`, or that of an installation of one's own. */
  domain: string;
  apiKey: string;
  template: string;
  /** Whose account it is, and so who can mend it. */
  of: 'operator' | 'org';
  /** The proxy that its service is reached through; null: straight. */
  proxy: string | null;
  /** Tells this installation's machines from another's of the same account. */
  installation: string;
};

/** How the service of an account is called. */
export const callOf = ({ apiKey, domain, proxy }: Pick<E2bAccount, 'apiKey' | 'domain' | 'proxy'>) => ({
  apiKey,
  domain,
  // Nothing in this process's environment says otherwise.
  apiUrl: `https://api.${domain}`,
  ...(proxy === null ? {} : { proxy }),
});

export const metadataOf = ({ installation }: E2bAccount) => ({ 'dev.fleet.installation': installation });

/** A machine ends by itself when nobody has said for this long that it is wanted: the lease is the service's own clock. */
export const leaseMs = 5 * 60_000;
const beatMs = 60_000;
const mostBytes = 1_048_576;

/** A machine of E2B without a network, and a terminal of its root. Throws `sandbox_unavailable`. */
export async function e2bMachine(account: E2bAccount, { id }: SandboxSpec): Promise<Machine> {
  const metadata = { ...metadataOf(account), 'dev.fleet.run': id };
  const wanted = { ...callOf(account), metadata, timeoutMs: leaseMs, allowInternetAccess: false };
  const sandbox = await E2b.create(account.template, wanted).catch((error: unknown) => {
    throw e2bFault(error, account);
  });
  try {
    return await terminalOf(sandbox);
  } catch (error) {
    await sandbox.kill().catch(() => undefined);
    throw e2bFault(error, account);
  }
}

async function terminalOf(sandbox: E2b): Promise<Machine> {
  const early: Buffer[] = [];
  let take: (bytes: Buffer) => void = (bytes) => void early.push(bytes);
  const { pid, wait } = await openPty(sandbox, (bytes) => take(Buffer.from(bytes)));
  const beating = setInterval(() => void sandbox.setTimeout(leaseMs).catch(() => undefined), beatMs);
  beating.unref();
  const ended = wait().finally(() => clearInterval(beating));
  const send = inTurn((bytes) => sandbox.pty.sendInput(pid, bytes));
  return {
    send,
    hear(next) {
      take = next;
      for (const bytes of early.splice(0)) next(bytes);
    },
    ended,
    close: async () => {
      clearInterval(beating);
      await sandbox.kill();
    },
  };
}

async function openPty(sandbox: E2b, onData: (bytes: Uint8Array) => void) {
  const handle = await sandbox.pty.create({ cols: 200, rows: 50, user: 'root', cwd: '/', timeoutMs: 0, onData });
  const over = () => undefined;
  return { pid: handle.pid, wait: () => handle.wait().then(over, over) };
}

/** One request at a time, each with all that came meanwhile: their order is the order of the bytes. */
function inTurn(send: (bytes: Uint8Array) => Promise<void>): Machine['send'] {
  let waiting: Buffer[] = [];
  let sending: Promise<void> | null = null;
  const sendAll = async () => {
    while (waiting.length > 0) {
      const bytes = Buffer.concat(waiting);
      waiting = bytes.length > mostBytes ? [bytes.subarray(mostBytes)] : [];
      await send(bytes.subarray(0, mostBytes));
    }
  };
  return (bytes) => {
    waiting.push(Buffer.from(bytes));
    return (sending ??= sendAll().finally(() => (sending = null)));
  };
}
