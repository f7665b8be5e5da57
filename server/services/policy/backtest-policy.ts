import type { OrgDb } from '../../db/connect.ts';
import { countRecordedCalls, readRecordedCalls, type RecordedCall } from '../../db/read-recorded-calls.ts';
import {
  backtestRun,
  emptyBacktest,
  mergeBacktests,
  type Backtest,
  type BacktestPage,
} from '../../domain/policy/backtest/backtest.ts';
import { AppError } from '../../domain/errors.ts';
import { documentLayer, policyDocument } from '../../domain/policy/document.ts';
import type { Layer } from '../../domain/policy/policy.ts';
import { recordedAction, type KnownTools } from '../../domain/policy/recorded-action.ts';
import { repoFacts } from '../../domain/policy/repo-facts.ts';
import { runPolicy } from '../../domain/policy/run-policy.ts';
import { helperRole } from '../../domain/roles/helper-role.ts';
import { ownClasses } from '../../domain/scope/own-classes.ts';
import { roleBody } from '../../domain/roles/role-body.ts';
import { knownTools } from './known-tools.ts';
import { readablePolicy } from './readable-policy.ts';

const dayMs = 24 * 60 * 60 * 1_000;
/** Small enough that an answer is there soon, so that whoever asks sees how far it is and can stop. */
const callsOfPage = 2_000;

type Deps = { db: OrgDb; orgId: string; now: Date };
/** `repoId`: the draft is of that repo's rules, not of the org's. */
type Ask = { yaml: string; days: number; after: string | null; repoId?: string | null };

/**
 * How recorded calls of the last `days` would be decided under a draft of the org's policy or a repo's rules, beside what the saved one says:
 * one page of runs. Throws `invalid_input` for a draft that cannot be read, and `not_found`.
 */
export async function backtestPolicy(
  { db, orgId, now }: Deps,
  { yaml, days, after, repoId = null }: Ask,
): Promise<BacktestPage> {
  if (repoId !== null && (await db.repo.count({ where: { orgId, id: repoId } })) === 0)
    throw new AppError('not_found', 'There is no such repo in this org.');
  const draft = { layer: documentLayer(repoId === null ? 'org' : 'repo', readablePolicy(yaml)), repoId };
  const since = new Date(now.getTime() - days * dayMs);
  const total = after === null ? await countRecordedCalls(db, since) : null;
  const { calls, next } = await readRecordedCalls(db, { since, after, limit: callsOfPage });
  const byRun = Map.groupBy(calls, ({ runId }) => runId);
  const known = await knownTools(db, orgId);
  const saved = await savedLayers(db, orgId);
  const runs = await readRuns(db, orgId, [...byRun.keys()]);
  const parts = runs.map((run) => testRun(run, byRun.get(run.id)!, { draft, saved, known }));
  return { part: parts.reduce(mergeBacktests, emptyBacktest()), total, next };
}

type Run = Awaited<ReturnType<typeof readRuns>>[number];
type Draft = { layer: Layer; repoId: string | null };
type Saved = { org: Layer[]; repos: Map<string, Layer> };

const newestClasses = { orderBy: { version: 'desc' as const }, take: 1 };

async function readRuns(db: OrgDb, orgId: string, ids: string[]) {
  return db.run.findMany({
    where: { orgId, id: { in: ids } },
    orderBy: { id: 'asc' },
    include: {
      roleVersion: { include: { role: true } },
      stageAttempt: {
        include: { pipelineRun: { include: { task: { include: { repo: { include: { classes: newestClasses } } } } } } },
      },
    },
  });
}

function testRun(
  run: Run,
  calls: readonly RecordedCall[],
  { draft, saved, known }: { draft: Draft; saved: Saved; known: KnownTools },
): Backtest {
  const { roleVersion, stageAttempt } = run;
  const { task } = stageAttempt.pipelineRun;
  const ofVersion = roleBody.parse(roleVersion.body);
  const role = stageAttempt.parentRunId === null ? ofVersion : helperRole(ofVersion);
  const scope = { role: role.write, network: role.network, taskScope: task.scope };
  const ofRepo = saved.repos.get(task.repoId);
  const [own] = task.repo.classes;
  const classes = own ? ownClasses.parse(own.body) : null;
  const under = (org: readonly Layer[], repo = ofRepo) =>
    runPolicy({ layers: repo ? [...org, repo] : org, scope, classes });
  const drafted =
    draft.repoId === null
      ? under([draft.layer])
      : under(saved.org, draft.repoId === task.repoId ? draft.layer : ofRepo);
  return backtestRun({
    runId: run.id,
    role: roleVersion.role.name,
    repo: task.repo.name,
    policies: [under(saved.org), drafted],
    facts: repoFacts({ repo: task.repo, network: role.network }),
    calls: calls.map(({ callId, at, tool, input, verdict }) => {
      // A call that named no tool or had unfit arguments was never run.
      const action = verdict.rule === 'unreadable-call' ? null : recordedAction(tool, input, known);
      return { callId, at: at.toISOString(), tool, action, recorded: verdict.verdict };
    }),
  });
}

/** The newest of the org and of each repo that has one. */
async function savedLayers(db: OrgDb, orgId: string): Promise<Saved> {
  const rows = await db.policyVersion.findMany({
    where: { orgId },
    orderBy: { version: 'desc' },
    distinct: ['layer', 'target'],
  });
  const layerOf = ({ layer, id, body }: (typeof rows)[number]) =>
    documentLayer(layer === 'repo' ? 'repo' : 'org', policyDocument.parse(body), id);
  const org = rows.filter(({ layer }) => layer === 'org').map(layerOf);
  const ofRepos = rows.filter(({ layer }) => layer === 'repo');
  return { org, repos: new Map(ofRepos.map((row) => [row.target, layerOf(row)])) };
}
