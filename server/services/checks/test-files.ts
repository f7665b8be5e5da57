import type { CodeHost } from '../../domain/ports/code-host.ts';
import type { OverlayFile } from '../../domain/ports/workspaces.ts';
import { isInClass } from '../../domain/scope/path-classes.ts';

type Between = { mirror: string; base: string; head: string };

/** The test files that a change adds, alters or removes: what is laid over the base to see whether they fail there. */
export async function testFilesOf(
  codeHost: CodeHost,
  { mirror, base, head }: Between,
): Promise<{ overlay: OverlayFile[]; without: string[] }> {
  const changed = await codeHost.changedBetween({ mirror, base, head });
  const tests = changed.filter(({ path, symlink }) => isInClass('@tests', path) && !symlink);
  const overlay: OverlayFile[] = [];
  for (const { path, status, executable } of tests) {
    if (status === 'deleted') continue;
    const bytes = await codeHost.fileAt({ mirror, commit: head, path });
    if (bytes) overlay.push({ path, bytes, executable });
  }
  return { overlay, without: tests.filter(({ status }) => status === 'deleted').map(({ path }) => path) };
}
