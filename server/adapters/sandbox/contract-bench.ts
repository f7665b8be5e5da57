import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecRequest, Sandbox, SandboxPort, SandboxSpec } from '../../domain/ports/sandbox.ts';

/** One sandbox over a fresh tree, and shorthands for tests. */
export type Bench = {
  port: SandboxPort;
  sandbox: Sandbox;
  tree: string;
  run(command: string, more?: Partial<ExecRequest>): ReturnType<typeof runIn>;
  /** Makes a file where the sandbox works, which need not be this host. */
  put(path: string, content: string | Uint8Array): Promise<void>;
  /** A file of the work tree as it then is on this host. */
  onHost(path: string): Promise<Buffer>;
  open(over?: Partial<SandboxSpec>): Promise<Sandbox>;
  /** Another host folder, gone with the bench. */
  emptyTree(): Promise<string>;
  close(): Promise<void>;
};

export const generous = { processes: 64, fileBytes: 64 * 2 ** 20, memoryBytes: 2 ** 30, diskBytes: 2 ** 30, cpus: 4 };

export async function openBench(port: SandboxPort, over: Partial<SandboxSpec> = {}): Promise<Bench> {
  const tree = await mkdtemp(join(tmpdir(), 'fleet-tree-'));
  const trees = [tree];
  const opened: Sandbox[] = [];
  const open: Bench['open'] = async (more = {}) => {
    const sandbox = await port.open({ id: 'run_contract', tree, writable: true, limits: generous, ...over, ...more });
    opened.push(sandbox);
    return sandbox;
  };
  const sandbox = await open();
  return {
    port,
    sandbox,
    tree,
    open,
    emptyTree: async () => {
      const another = await mkdtemp(join(tmpdir(), 'fleet-tree-'));
      trees.push(another);
      return another;
    },
    run: (command, more) => runIn(sandbox, command, more),
    put: (path, content) => putIn(sandbox, path, content),
    onHost: async (path) => readFile(join(await sandbox.snapshot(), path)),
    close: async () => {
      await Promise.all(opened.map((one) => one.dispose()));
      for (const each of trees) await rm(each, { recursive: true, force: true });
    },
  };
}

export async function runIn(sandbox: Sandbox, command: string, more: Partial<ExecRequest> = {}) {
  const signal = new AbortController().signal;
  const result = await sandbox.exec({ command, timeoutMs: 30_000, maxOutputBytes: 64 * 1024, signal, ...more });
  const text = Buffer.concat([result.head, result.tail]).toString('latin1');
  return { ...result, code: result.exitCode, text };
}

export async function putIn(sandbox: Sandbox, path: string, content: string | Uint8Array): Promise<void> {
  const command = `IFS= read -r -d '' p; mkdir -p -- "$(dirname -- "$p")" && cat > "$p"`;
  const { code, text } = await runIn(sandbox, command, {
    stdin: Buffer.concat([Buffer.from(`${path}\0`), Buffer.from(content)]),
  });
  if (code !== 0) throw new Error(`${path} was not made: ${text}`);
}
