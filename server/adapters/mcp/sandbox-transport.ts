import { readFileSync } from 'node:fs';
import {
  parseJSONRPCMessage,
  serializeMessage,
  type JSONRPCMessage,
  type Transport,
} from '@modelcontextprotocol/client';
import type { Sandbox } from '../../domain/ports/sandbox.ts';
import { askDriver, startDriver, type Driver } from '../sandbox/driver.ts';
import { askMs, mostMessageBytes } from './limits.ts';

const script = readFileSync(new URL('stdio-driver.mjs', import.meta.url), 'utf8');
const startMs = 30_000;

/** The messages of an MCP server whose process is a job of a sandbox. What it sends comes with the next answer. */
export class SandboxTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #sandbox: Pick<Sandbox, 'exec' | 'start'>;
  readonly #command: string;
  readonly #closed = new AbortController();
  #driver: Driver | null = null;

  constructor(sandbox: Pick<Sandbox, 'exec' | 'start'>, command: string) {
    this.#sandbox = sandbox;
    this.#command = command;
  }

  async start(): Promise<void> {
    const args = [this.#command, String(mostMessageBytes)];
    const { signal } = this.#closed;
    const driver = await startDriver(this.#sandbox, { script, args, maxOutputBytes: 4096, startMs, signal });
    if ('said' in driver) throw new Error(`nothing could be started in the sandbox: ${driver.said.slice(0, 300)}`);
    this.#driver = driver;
    void driver.job.ended.then(() => this.close());
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (!this.#driver) throw new Error('it was not started');
    const asking = { body: serializeMessage(message).trimEnd(), timeoutMs: askMs, mostBytes: mostMessageBytes };
    const answer = await askDriver(this.#sandbox, this.#driver, { ...asking, signal: this.#closed.signal });
    if (answer.kind !== 'answered') throw new Error(notAnswered[answer.kind]);
    if (answer.status === 410) throw new Error(answer.body.slice(0, 1_000));
    for (const line of answer.body.split('\n')) if (line !== '') this.#hear(line);
  }

  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort(new Error('the connection was closed'));
    await this.#driver?.job.stop();
    this.onclose?.();
  }

  #hear(line: string): void {
    try {
      this.onmessage?.(parseJSONRPCMessage(JSON.parse(line)));
    } catch {
      this.onerror?.(new Error('it sent what is no message of the protocol'));
    }
  }
}

const notAnswered = {
  timed_out: `it did not answer within ${askMs / 1000} s`,
  too_much: `it answered with more than ${mostMessageBytes / 2 ** 20} MiB`,
  gone: 'its process is gone',
} as const;
