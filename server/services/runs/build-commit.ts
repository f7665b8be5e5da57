import type { Database } from '../../db/connect.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import { agentAuthor, commitMessage } from '../../domain/runs/commit-message.ts';
import { nameRequester } from './name-requester.ts';
import type { Handing } from './record-handoff.ts';

type Ports = { database: Database; codeHost: CodeHost };
type Built = { commit: string; parent: string; files: number; added: number; removed: number };

/** The commit of a hand-off, out of the allowed paths alone; null when they do not differ. Same input, same commit. */
export async function buildCommit(
  { database, codeHost }: Ports,
  { file, tree, body, paths }: Handing & { paths: string[] },
): Promise<Built | null> {
  const { run, agent, task, repo, input, roleName } = file;
  const message = commitMessage({
    title: task.title,
    text: body.summary,
    trailers: [
      ['Fleet-Run', run.id],
      ['Fleet-Role', roleName],
      ['Fleet-Task', task.id],
      ['Requested-by', await nameRequester(database, run.orgId, task.requesterId)],
    ],
  });
  const mirror = repo.id;
  const { start: parent, base } = input;
  const author = agentAuthor(agent.name);
  const commit = await codeHost.commit({ mirror, tree, parent, paths, message, author, at: run.createdAt });
  if (!commit) return null;
  return { commit, parent, ...(await codeHost.diffStat({ mirror, base, head: commit })) };
}
