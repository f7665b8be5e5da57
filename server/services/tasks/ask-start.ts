import type { OrgTx } from '../../db/connect.ts';
import { sampleTask } from '../../domain/tasks/sample-task.ts';
import { whyNotStart, type StartQuestion } from '../../domain/tasks/start-rule.ts';

type Asked = { orgId: string; repo: { id: string; source: StartQuestion['repoSource'] } } & Pick<
  StartQuestion,
  'choices' | 'title'
>;

/** Why a task of this title cannot start in that repo with the models at hand, in words; null when it can. */
export async function askStart(
  db: Pick<OrgTx, 'change'>,
  { orgId, repo, choices, title }: Asked,
): Promise<string | null> {
  const ofSample = { orgId, repoId: repo.id, pipelineRun: { task: { title: sampleTask.title } } };
  const isScripted = choices.some(({ kind }) => kind === 'scripted');
  const merged = isScripted && (await db.change.count({ where: { ...ofSample, status: 'merged' } })) > 0;
  return whyNotStart({ choices, repoSource: repo.source, title, merged });
}
