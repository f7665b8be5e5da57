import type { AgentPorts, WorkGuard } from '../../server/agent/ports.ts';
import type { Edit } from '../../server/domain/policy/action.ts';
import type { Verdict } from '../../server/domain/policy/verdict.ts';
import { startsOver } from '../../server/domain/pipeline/stage-input.ts';
import type { ChangedPath, CommitEntry } from '../../server/domain/ports/code-host.ts';
import type { Sandbox } from '../../server/domain/ports/sandbox.ts';
import { isInClass, type PathClassName } from '../../server/domain/scope/path-classes.ts';
import type { RunFile } from '../../server/services/runs/read-run-file.ts';
import { sameTree } from './same-tree.ts';
import type { Worker } from './worker.ts';

type Of = { file: RunFile; sandbox: Sandbox; rules: Pick<AgentPorts['rules'], 'decide'> };
type Judged = { path: string; verdict: Verdict };
type Strayed = { path: string; edit: Edit | undefined };

const mostRestored = 300;
const mostNamed = 20;
const mostReadBytes = 256 * 1024;
const quickMs = 60_000;

/** Where what an edit does beside writing is told from its text. */
const readClasses: PathClassName[] = ['@tests', '@manifests', '@migrations'];

/** Any name as one word of bash. */
const quoted = (path: string) => `'./${path.replaceAll("'", `'\\''`)}'`;

/**
 * Compares the work tree with the commit it began as once a command has ended, and puts back what the run may not have in
 * its commit: judged like the commit, by the same rules and grants, and what an edit does by its text. What a build makes is
 * left alone, it is never committed. Where nothing was written since the last look, what that found is judged anew. Undefined for a run that only reads: its tree takes nothing.
 */
export function workGuard({ codeHost }: Pick<Worker, 'codeHost'>, { file, sandbox, rules }: Of): WorkGuard | undefined {
  const { role, repo, input, change } = file;
  if (role.contract !== 'build') return undefined;
  const at = { mirror: repo.id, commit: input.start };
  let carried: Promise<ReadonlySet<string>> | null = null;
  /** Of work that goes on over a moved branch: it is in the tree from the start and was allowed when it was done. */
  const findCarried = async () => {
    if (!startsOver(input) || input.cause.from === 'turn') return new Set<string>();
    const ours = await codeHost.changedBetween({ mirror: repo.id, base: change.base, head: input.head as string });
    return new Set(ours.map(({ path }) => path));
  };
  const editOf = async ({ path, status }: ChangedPath, signal: AbortSignal) => {
    if (!readClasses.some((name) => isInClass(name, path))) return { edit: undefined, whole: true };
    const before = await codeHost.fileAt({ ...at, path });
    const now = status === 'deleted' ? null : await sandbox.read(path, { maxBytes: mostReadBytes, signal });
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
    const added = now?.kind === 'file' ? text(now.bytes) : '';
    const edit: Edit = { removed: before === null ? '' : text(before), added, whole: before === null };
    return { edit, whole: now?.kind !== 'refused' };
  };
  /** What of a tree is to be judged. Its rules may be others the next time, so what they said is not kept. */
  const look = async (signal: AbortSignal): Promise<{ found: Strayed[]; whole: boolean }> => {
    const tree = await sandbox.snapshot();
    const changed = await codeHost.changedPaths({ ...at, tree });
    const left = await (carried ??= findCarried());
    const found: Strayed[] = [];
    let whole = true;
    for (const each of changed) {
      const { path, unnameable } = each;
      if (unnameable || left.has(path) || isInClass('@generated', path)) continue;
      const read = await editOf(each, signal);
      whole &&= read.whole;
      found.push({ path, edit: read.edit });
    }
    for (const path of await codeHost.gitNames({ tree })) found.push({ path, edit: undefined });
    return { found, whole: whole && !signal.aborted };
  };
  const seen = sameTree<Strayed[]>(sandbox);
  return {
    async restore({ callId, signal }) {
      const barred: Judged[] = [];
      for (const { path, edit } of await seen(() => look(signal))) {
        const verdict = rules.decide({ kind: 'file_write', path, way: 'commit', ...(edit ? { edit } : {}) });
        if (verdict.verdict !== 'allow') barred.push({ path, verdict });
      }
      if (barred.length === 0) return null;
      const restoring = barred.slice(0, mostRestored).map(({ path }) => path);
      const entries = await Promise.all(
        restoring.map(async (path) => [path, await codeHost.entryAt({ ...at, path })] as const),
      );
      await putBack(sandbox, { paths: restoring, entries, signal });
      return { callId, files: barred.slice(0, mostNamed), total: barred.length };
    },
  };
}

type PuttingBack = {
  paths: readonly string[];
  entries: readonly (readonly [string, CommitEntry | null])[];
  signal: AbortSignal;
};

/** In the sandbox, so that a link in the tree leads nowhere that its commands could not go themselves. */
async function putBack(sandbox: Sandbox, { paths, entries, signal }: PuttingBack): Promise<void> {
  const run = (command: string) => sandbox.exec({ command, timeoutMs: quickMs, maxOutputBytes: 65_536, signal });
  // A link that stands where a folder was goes before what is to lie below it.
  await run(`rm -rf -- ${paths.toSorted().map(quoted).join(' ')}`);
  const links: string[] = [];
  const executable: string[] = [];
  for (const [path, entry] of entries) {
    if (entry === null) continue;
    if (entry.symlink)
      links.push(
        `mkdir -p -- "$(dirname ${quoted(path)})" && ln -sfn -- '${Buffer.from(entry.bytes).toString('utf8').replaceAll("'", `'\\''`)}' ${quoted(path)}`,
      );
    else await sandbox.write(path, entry.bytes, { mode: 'create', signal });
    if (entry.executable) executable.push(quoted(path));
  }
  if (executable.length > 0) links.push(`chmod +x -- ${executable.join(' ')}`);
  if (links.length > 0) await run(links.join('\n'));
}
