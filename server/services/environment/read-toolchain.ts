import { newId } from '../../db/new-id.ts';
import { sandboxLimits } from '../../domain/checks/limits.ts';
import { plainText } from '../../domain/checks/plain-text.ts';
import type { SandboxPort } from '../../domain/ports/sandbox.ts';
import type { Workspaces } from '../../domain/ports/workspaces.ts';
import { readTools, toolsScript } from '../../domain/setup/tools.ts';

type Ports = {
  sandboxes: Pick<SandboxPort, 'open'>;
  workspaces: Pick<Workspaces, 'fresh' | 'remove'>;
  report(error: unknown, where: string): void;
};
type At = { mirror: string; commit: string; signal: AbortSignal };

const timeoutMs = 60_000;
const maxOutputBytes = 64 * 1024;

/** One tool of a sandbox a line, with its version, as asked in one of them, then what its system is. Throws `sandbox_unavailable`. */
export async function readToolchain(ports: Ports, { mirror, commit, signal }: At): Promise<string[]> {
  const { sandboxes, workspaces } = ports;
  const id = newId('sandbox');
  const left = (error: unknown) => ports.report(error, `cleaning up after ${id}`);
  try {
    const tree = await workspaces.fresh({ id, mirror, commit });
    const sandbox = await sandboxes.open({ id, repo: mirror, tree, writable: false, limits: sandboxLimits });
    try {
      const result = await sandbox.exec({ command: toolsScript, timeoutMs, maxOutputBytes, signal });
      signal.throwIfAborted();
      const tools = readTools(plainText(result.head) + plainText(result.tail));
      return sandbox.image === undefined ? tools : [...tools, `image ${sandbox.image}`];
    } finally {
      await sandbox.dispose().catch(left);
    }
  } finally {
    await workspaces.remove(id).catch(left);
  }
}
