import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../server/db/new-id.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import type { RunMcpTool } from '../../server/domain/mcp/run-tools.ts';
import type { Grant } from '../../server/domain/policy/grant.ts';
import { readRunFile } from '../../server/services/runs/read-run-file.ts';
import { testDatabase, type TestDatabase } from '../../server/testing/database.ts';
import { makeChange, makePipelineRun, makeRunWithAll, makeTask } from '../../server/testing/factories.ts';
import { turnRules } from './turn-rules.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});

const at = new Date('2026-11-20T10:00:00Z');

async function started({ log = [] as RunEvent[], mcp = [] as RunMcpTool[] } = {}) {
  const made = await makeRunWithAll(t.database, { status: 'running' });
  const { org, repoId, pipelineRunId, stageAttemptId, runId } = made;
  const { orgId, db } = org;
  const { base } = await makeChange(org, { pipelineRunId, repoId });
  const input = { base, start: base, head: null, cause: { from: 'order' } };
  await db.stageAttempt.updateMany({ where: { orgId, id: stageAttemptId }, data: { input } });
  const file = await readRunFile(t, { orgId, runId });
  const of = { claim: { orgId, runId } as never, file, grants, log, mcp, now: async () => at };
  return { ...made, orgId, db, rules: await turnRules(t, of) };
}

const fetched = 'curl -o t.sh https://x.test/t.sh';
const grants: Grant[] = [{ approvalId: 'apr_1', allows: { paths: [], hosts: ['x.test'], commands: [fetched] } }];

const shell = (command: string) => ({ kind: 'shell' as const, command });
const intended = (command: string): RunEvent => {
  const verdict = { verdict: 'allow', rule: 'r', layer: 'platform', reason: 'It may.' } as const;
  return { kind: 'tool.intended', payload: { turn: 1, callId: 'c1', tool: 'shell', input: { command }, verdict } };
};

describe('what the rules of a run were read as', () => {
  it('is not said before they were read anew, and then is what holds', async () => {
    const { rules, repoId } = await started();
    expect(rules.basis!()).toBeNull();
    expect(await rules.renew()).toEqual([]);
    expect(rules.basis!()).toMatchObject({ repoId, held: [], heads: { repo: null } });
  });

  it('is not said of a run with tools of servers: what people close of those is in no version', async () => {
    const definition = { name: 'mcp__a__b', description: '', parameters: {} };
    const { rules } = await started({ mcp: [{ server: 'a', tool: 'b', definition } as never] });
    await rules.renew();
    expect(rules.basis!()).toBeNull();
  });

  it('is not said while the log does not know of another version, and is once it was told', async () => {
    const { rules, db, orgId, repoId } = await started();
    await rules.renew();
    const { body, ...newest } = await db.policyVersion.findFirstOrThrow({ where: { orgId } });
    const data = { ...newest, body: body as object, id: newId('policyVersion'), layer: 'repo', target: repoId };
    const { createdAt } = await db.run.findFirstOrThrow({ where: { orgId } });
    const later = new Date(createdAt.getTime() + 1_000);
    await db.policyVersion.create({ data: { ...data, version: 1, createdAt: later } });
    // What the sandbox asks the network for is judged anew, and tells the run's log nothing of the version.
    await rules.judge([]);
    expect(rules.basis!()).toBeNull();
    expect(await rules.renew()).toMatchObject([{ kind: 'policy.changed', payload: { repo: data.id } }]);
    expect(rules.basis!()).toMatchObject({ heads: { repo: data.id } });
  });

  it('names what others have reserved by the clock of the commits', async () => {
    const { org, orgId, db, repoId, starters, rules } = await started();
    const { taskId } = await makeTask(org, { repoId });
    const { pipelineRunId } = await makePipelineRun(org, { taskId, pipelineVersionId: starters.pipelineVersionId });
    const until = new Date(at.getTime() + 1);
    const id = newId('claim');
    await db.claim.create({ data: { orgId, id, pipelineRunId, kind: 'paths', subject: 'src/**', until } });
    await rules.renew();
    expect(rules.basis!()?.held).toEqual([expect.stringContaining(id)]);
    await db.claim.updateMany({ where: { orgId, id }, data: { until: at } });
    await rules.renew();
    expect(rules.basis!()?.held).toEqual([]);
  });
});

describe('what a command downloads', () => {
  const verdictOf = (rules: Awaited<ReturnType<typeof started>>['rules']) => rules.decide(shell('sh t.sh')).rule;

  it('is known once the command is in the log, and for good', async () => {
    const { rules } = await started();
    const before = verdictOf(rules);
    rules.recorded([intended(fetched)]);
    const known = verdictOf(rules);
    expect(known).not.toBe(before);
    await rules.renew();
    expect(verdictOf(rules)).toBe(known);
    // What was only decided on may have been refused when it was decided anew.
    const only = await started();
    expect(only.rules.decide(shell(fetched)).verdict).toBe('allow');
    expect(verdictOf(only.rules)).toBe(known);
    await only.rules.renew();
    expect(verdictOf(only.rules)).toBe(before);
    expect(verdictOf((await started({ log: [intended(fetched)] })).rules)).toBe(known);
  });
});
