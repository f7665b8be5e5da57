import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeHost } from '../../../domain/ports/code-host.ts';
import type { Workspaces } from '../../../domain/ports/workspaces.ts';
import { gitRig, mirror, type Rig } from '../../code-host/git-rig.ts';
import { removeWritten } from '../../sandbox/layer.ts';
import { localSandbox } from '../../sandbox/local.ts';
import type { Rung } from '../base-file.ts';
import { localWorkspaces } from '../local.ts';

export const id = `run_${'a'.repeat(32)}`;
export const otherId = `run_${'b'.repeat(32)}`;

export type WorkRig = Rig & {
  dataDir: string;
  head: string;
  on(rung?: Rung): Workspaces;
  /** Runs a script of an agent in a sandbox on the tree. */
  agent(tree: string, script: string, writable?: boolean): Promise<string>;
  /** Paths that differ from a commit, in order. */
  changed(tree: string, commit: string): Promise<string[]>;
  end(): Promise<void>;
};

/** A file tree with everything a file tree can have, as a script. */
const oddFiles = `mkdir -p src/deep docs 'sp ace' gone/below && echo one > src/a.txt && echo two > src/deep/b.txt
printf '#!/bin/sh\\n' > run.sh && chmod +x run.sh && echo d > docs/d.md && echo s > 'sp ace/s' && echo g > gone/below/g
ln -s /etc/passwd out; ln -s src link; ln -s loop loop; echo f > plain
printf 'n' > "$(printf 'new\\nline')"; printf 'u' > "$(printf 'bad\\377name')"; printf 'r' > ./-rf; echo 'ignored/' > .gitignore`;

/** A remote with \`oddFiles\`, fetched, and workspaces over it. */
export async function workRig(): Promise<WorkRig> {
  const rig = gitRig();
  const dataDir = join(rig.folder, 'data');
  rig.personPushes({ 'README.md': 'hello\n' }, (clone) => execFileSync('bash', ['-ec', oddFiles], { cwd: clone }));
  const head = await rig.sync();
  const codeHost: CodeHost = rig.host;
  const opened: Workspaces[] = [];
  return {
    ...rig,
    dataDir,
    head,
    on(rung) {
      const made = localWorkspaces({ dataDir, codeHost, ...(rung && { ladder: [rung] }) });
      opened.push(made);
      return made;
    },
    async agent(tree, script, writable = true) {
      mkdirSync(join(rig.folder, 'boxes'), { recursive: true });
      const port = localSandbox({ dataDir: mkdtempSync(join(rig.folder, 'boxes/b-')) });
      const limits = { processes: 64, fileBytes: 2 ** 26, memoryBytes: 2 ** 30, diskBytes: 2 ** 30, cpus: 2 };
      const sandbox = await port.open({ id: 'run_agent', tree, writable, limits });
      const signal = new AbortController().signal;
      const result = await sandbox.exec({ command: script, timeoutMs: 60_000, maxOutputBytes: 65_536, signal });
      await sandbox.dispose();
      return Buffer.concat([result.head, result.tail]).toString('latin1');
    },
    async changed(tree, commit) {
      const found = await rig.host.changedPaths({ mirror, tree, commit });
      return found
        .map((one) => `${one.status} ${one.path}${one.executable ? ' *' : ''}${one.symlink ? ' @' : ''}`)
        .sort();
    },
    async end() {
      for (const workspaces of opened) for (const one of await workspaces.list()) await workspaces.rest(one);
      await removeWritten(dataDir);
      rmSync(rig.folder, { recursive: true, force: true });
    },
  };
}
