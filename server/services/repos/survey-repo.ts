import type { OrgDb } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import { surveyNotes } from '../../domain/setup/survey-notes.ts';
import type { RepoSurveyView } from '../../domain/views/repo-views.ts';
import { remoteOf } from './remote-of.ts';

type Deps = { db: OrgDb; orgId: string; codeHost: CodeHost };

/** Looks at a connected repo's default branch again; what it finds is a proposal and saves nothing. */
export async function surveyRepo(
  { db, orgId, codeHost }: Deps,
  { repoId }: { repoId: string },
): Promise<RepoSurveyView> {
  const repo = await db.repo.findUnique({ where: { orgId_id: { orgId, id: repoId } } });
  if (!repo) throw new AppError('not_found', 'There is no such repo in this org.');
  const of = { mirror: repo.id, ...remoteOf(repo), defaultBranch: repo.defaultBranch };
  const commit = await codeHost.sync(of);
  const survey = await codeHost.survey({ mirror: repo.id, commit });
  const { managers, declaredIn, problem, testCommand, setup } = survey.found;
  return { commit, managers, declaredIn, problem, testCommand, setup, notes: surveyNotes(survey) };
}
