import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import { sandboxLimits, testOutputBytes, testTimeoutMs } from '../../domain/checks/limits.ts';
import { readTestRun, type TestRun } from '../../domain/checks/read-test-run.ts';
import { testScript } from '../../domain/checks/test-command.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import type { SandboxPort } from '../../domain/ports/sandbox.ts';
import type { OverlayFile, Workspaces } from '../../domain/ports/workspaces.ts';

export type TestRequest = {
  mirror: string;
  commit: string;
  command: string;
  overlay?: OverlayFile[];
  without?: string[];
  signal: AbortSignal;
};

type Ports = {
  codeHost: Pick<CodeHost, 'fileAt'>;
  sandboxes: Pick<SandboxPort, 'open'>;
  workspaces: Pick<Workspaces, 'fresh' | 'remove'>;
  report(error: unknown, where: string): void;
};

/**
 * Runs the repo's tests on a clean checkout of one commit, in a sandbox of its own that is gone afterwards. A sandbox that
 * cannot be had is a broken run, not an error; an aborted one throws the signal's reason. What cannot be cleaned up is
 * reported and changes nothing about the result.
 */
export async function runTests(ports: Ports, request: TestRequest): Promise<TestRun> {
  const { codeHost, sandboxes, workspaces } = ports;
  const { mirror, commit, command, overlay, without, signal } = request;
  // Never the attempt's: who lost its lease may still be at work in its tree when the next holder begins.
  const id = newId('sandbox');
  const tree = await workspaces.fresh({ id, mirror, commit, overlay, without });
  const manifest = await codeHost.fileAt({ mirror, commit, path: 'package.json' });
  const packageJson = manifest ? new TextDecoder().decode(manifest) : null;
  const left = (error: unknown) => ports.report(error, `cleaning up after ${id}`);
  const marker = `--- fleet report ${newId('blob')} ---`;
  try {
    const sandbox = await sandboxes.open({ id, tree, writable: true, limits: sandboxLimits });
    try {
      const result = await sandbox.exec({
        command: testScript({ command, packageJson, marker }),
        timeoutMs: testTimeoutMs,
        maxOutputBytes: testOutputBytes,
        signal,
      });
      signal.throwIfAborted();
      return readTestRun(result, marker);
    } finally {
      await sandbox.dispose().catch(left);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError && error.code === 'sandbox_unavailable') return noSandbox(error.message);
    throw error;
  } finally {
    await workspaces.remove(id).catch(left);
  }
}

function noSandbox(detail: string): TestRun {
  return { verdict: 'broken', detail, exitCode: null, durationMs: 0, cases: null, failing: [], output: detail };
}
