import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localSandbox } from '../../server/adapters/sandbox/local.ts';
import type { SandboxPort } from '../../server/domain/ports/sandbox.ts';
import { checkEvidence } from '../../server/domain/checks/evidence.ts';
import { readRunLog } from '../../server/services/runs/read-run-log.ts';
import { flowRig, type FlowRig } from './testing/flow-rig.ts';
import { smallRepo } from './testing/remote.ts';
import { approves, create, developer, doubles, handoff, replace, shell } from './testing/stories.ts';
import { removeLivedIn } from '../../server/testing/remove-lived-in.ts';

let rig: FlowRig;
let dataDir: string;
beforeAll(async () => {
  rig = await flowRig();
  dataDir = await mkdtemp(join(tmpdir(), 'fleet-tries-'));
});
afterAll(() => removeLivedIn(dataDir));

/** The real sandbox on a machine that is not always the same: `TRY` counts the sandboxes that look at the change. */
function counting(): SandboxPort {
  const real = localSandbox({ dataDir });
  let tries = 0;
  return {
    ...real,
    async open(spec) {
      const sandbox = await real.open(spec);
      if (!spec.id.startsWith('sbx_')) return sandbox;
      const look = { command: 'test -e src/double.js', timeoutMs: 10_000, maxOutputBytes: 100 };
      const { exitCode } = await sandbox.exec({ ...look, signal: new AbortController().signal });
      if (exitCode !== 0) return sandbox;
      tries += 1;
      const variable = `export TRY=${tries}\n`;
      return { ...sandbox, exec: (request) => sandbox.exec({ ...request, command: variable + request.command }) };
    },
  };
}

/** A test that fails in the given tries. */
const failsIn = (...tries: number[]) =>
  [
    "import assert from 'node:assert/strict';",
    "import { test } from 'node:test';",
    `test('holds', () => assert.ok(!${JSON.stringify(tries)}.includes(Number(process.env.TRY ?? 0))));`,
    '',
  ].join('\n');

describe('tests that fail at times', () => {
  const files = (...tries: number[]) => ({ ...smallRepo, 'test/holds.test.js': failsIn(...tries) });

  it('go on when they pass on the second try, marked in the evidence', async () => {
    const flow = await rig.flow([doubles, approves], { files: files(1), sandbox: counting() });
    const { pipelineRunId } = await flow.task();
    await flow.pending(pipelineRunId, 'merge');
    const { attempts } = await flow.row(pipelineRunId);
    expect(attempts.map(({ stage }) => stage)).toEqual(['prepare', 'build', 'check', 'review', 'merge-ok']);
    const result = await flow.db.checkResult.findFirstOrThrow({
      where: { orgId: flow.orgId, verdict: 'passed' },
      orderBy: { id: 'desc' },
    });
    const evidence = checkEvidence.parse(result.evidence);
    expect(evidence).toMatchObject({ exitCode: 0, failing: [], flakyTests: ['test/holds.test.js: holds'] });
    expect(evidence.tests).toMatchObject({ failed: 0 });
  });

  it('go back to the developer when they fail twice', async () => {
    const flow = await rig.flow([doubles, approves], { files: files(1, 2), sandbox: counting() });
    const { pipelineRunId } = await flow.task();
    const check = await flow.stage(pipelineRunId, 'check', 'failed');
    expect(check.outcome).toMatchObject({ verdict: 'failed', failing: ['test/holds.test.js: holds'] });
  });
});

describe('a denied merge that is sent back', () => {
  it('comes to the developer with the reason, and is checked, reviewed and asked for anew', async () => {
    const flow = await rig.flow([
      doubles,
      developer(2, [replace('src/double.js', 'n * 2', '2 * n')], [handoff('Written as asked.')]),
      approves,
    ]);
    const { pipelineRunId } = await flow.task();
    const first = await flow.pending(pipelineRunId, 'merge');
    expect(first.subject).toMatchObject({ reworkTo: 'build' });
    await flow.decide(first, { verdict: 'denied', reason: 'Put the two first.', rework: true });
    const second = await flow.pending(pipelineRunId, 'merge');
    const { attempts } = await flow.row(pipelineRunId);
    expect(attempts.map(({ stage, attempt }) => `${stage} ${attempt}`).slice(5)).toEqual([
      'build 2',
      'check 2',
      'review 2',
      'merge-ok 2',
    ]);
    const run = attempts.find(({ stage, attempt }) => stage === 'build' && attempt === 2)?.run;
    const { own } = await readRunLog(flow.db, { orgId: flow.orgId, runId: run!.id });
    expect(JSON.stringify(own.slice(0, 3))).toContain('A person sent it back and says: Put the two first.');
    await flow.decide(second);
    expect((await flow.ended(pipelineRunId)).status).toBe('succeeded');
    expect(await flow.remote.file('src/double.js')).toContain('2 * n');
  });
});

describe('a run that goes in circles', () => {
  it('is started afresh once, with what the first one did, and then succeeds', async () => {
    const circling = Array.from({ length: 9 }, () => [shell('cat nowhere.txt')]);
    const flow = await rig.flow([
      developer(1, [create('src/wrong.js', 'export const wrong = 1;\n')], ...circling),
      { ...doubles, round: 2 },
      approves,
    ]);
    const { pipelineRunId } = await flow.task();
    const approval = await flow.pending(pipelineRunId, 'merge');
    const { attempts } = await flow.row(pipelineRunId);
    const builds = attempts.filter(({ stage }) => stage === 'build');
    expect(builds.map(({ status }) => status)).toEqual(['failed', 'passed']);
    expect(builds[0]?.run?.outcome).toMatchObject({ reason: 'stuck' });
    const { own } = await readRunLog(flow.db, { orgId: flow.orgId, runId: builds[1]!.run!.id });
    const told = JSON.stringify(own.slice(0, 3));
    expect(told).toContain('start afresh');
    expect(told).toContain('src/wrong.js');
    await flow.decide(approval);
    expect((await flow.ended(pipelineRunId)).status).toBe('succeeded');
    expect(await flow.remote.file('src/wrong.js')).toBeNull();
  });
});
