import { AppError } from '../../server/domain/errors.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import { startsOver } from '../../server/domain/pipeline/stage-input.ts';
import type { OverlayFile } from '../../server/domain/ports/workspaces.ts';
import type { RunFile } from '../../server/services/runs/read-run-file.ts';
import { setUpRun } from './set-up-run.ts';
import type { Worker } from './worker.ts';

/** `made`: just now. `news` is to be recorded before the agent goes on. */
export type KeptTree = { tree: string; made: boolean; news: RunEvent[] };

type Wanted = { runId: string; file: RunFile; log: RunEvent[] };

/**
 * The run's work tree: kept over slices and crashes, made from the commit its attempt starts from. Throws
 * `sandbox_unavailable` where the agent's work was in a tree that is gone. One that only reads gets the same files anew, and
 * `news` to be told.
 */
export async function workTree(worker: Worker, { runId, file, log }: Wanted): Promise<KeptTree> {
  const { repo, input } = file;
  const { cause } = input;
  const setup = () => setUpRun(worker, file);
  const request = { id: runId, mirror: repo.id, commit: cause.from === 'turn' ? cause.commit : input.start, setup };
  const carried = startsOver(input) && cause.from !== 'turn' ? await carriedOver(worker, file) : {};
  const { tree, made } = await worker.workspaces.keep({ ...request, ...carried });
  const worked = log.slice(log.findLastIndex(isFork) + 1).some(({ kind }) => kind === 'tool.finished');
  if (!made || !worked) return { tree, made, news: [] };
  if (file.role.contract !== 'build') return { tree, made, news: [madeAnew(input.start)] };
  // Removed again, so that another try finds the same.
  await worker.workspaces.remove(runId);
  throw new AppError('sandbox_unavailable', 'The agent’s work tree is gone, and with it what was not handed off yet.');
}

/** What comes before was done in the tree of another run. */
const isFork = ({ kind }: RunEvent) => kind === 'run.forked';

function madeAnew(commit: string): RunEvent {
  const text = `The work tree was gone and has been made anew from commit ${commit.slice(0, 10)}. Its files are the same as before.`;
  return { kind: 'message.added', payload: { source: 'platform', text } };
}

/**
 * What of the earlier work fits onto the moved default branch as it is: the paths that only the change touched. The
 * others stay as the branch has them; the agent is told which.
 */
async function carriedOver(
  { codeHost }: Worker,
  { repo, change, input }: RunFile,
): Promise<{ overlay: OverlayFile[]; without: string[] }> {
  const mirror = repo.id;
  const head = input.head as string;
  const ours = await codeHost.changedBetween({ mirror, base: change.base, head });
  const theirs = await codeHost.changedBetween({ mirror, base: change.base, head: input.base });
  const touched = new Set(theirs.map(({ path }) => path));
  const fitting = ours.filter(({ path, symlink }) => !touched.has(path) && !symlink);
  const overlay: OverlayFile[] = [];
  for (const { path, status, executable } of fitting) {
    if (status === 'deleted') continue;
    const bytes = await codeHost.fileAt({ mirror, commit: head, path });
    if (bytes) overlay.push({ path, bytes, executable });
  }
  return { overlay, without: fitting.filter(({ status }) => status === 'deleted').map(({ path }) => path) };
}
