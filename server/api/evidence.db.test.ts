import { unzipSync, zipSync, strFromU8, strToU8 } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { appendOrgEvents, appendRunEvents } from '../db/append-event.ts';
import { newId } from '../db/new-id.ts';
import { checkFile } from '../domain/audit/check-file.ts';
import { nodeHashing } from '../domain/audit/node-hashing.ts';
import { evidenceDigest } from '../domain/checks/evidence-digest.ts';
import { decideApproval } from '../services/approvals/decide-approval.ts';
import { savePolicy } from '../services/policy/save-policy.ts';
import type { TestDatabase } from '../testing/database.ts';
import { makeApiKey, makeChange, makeMember, makeOrg, makeRunWithAll } from '../testing/factories.ts';
import type { Served } from './testing/serve.ts';
import { servedWeb } from './testing/served-web.ts';

let tested: TestDatabase;
let served: Served;
beforeAll(async () => {
  ({ tested, served } = await servedWeb());
});

const actor = { type: 'system' as const, reason: 'test' };
const commit = 'c'.repeat(40);
const evidence = {
  ...{ commit, base: 'b'.repeat(40), command: 'npm test', exitCode: 0, durationMs: 1, tests: null, failing: [] },
  ...{
    newTests: [],
    removedTests: [],
    newlySkippedTests: [],
    baseline: null,
    outputTail: '<script>alert(1)</script>\u202e',
  },
};

async function checkedChange() {
  const made = await makeRunWithAll(tested.database);
  const { org, pipelineRunId, repoId, stageAttemptId, runId } = made;
  const { orgId, db } = org;
  const { changeId } = await makeChange(org, { pipelineRunId, repoId });
  const id = newId('checkResult');
  const row = {
    orgId,
    id,
    stageAttemptId,
    changeId,
    commit,
    verdict: 'passed' as const,
    evidence,
    createdAt: new Date(),
  };
  await db.checkResult.create({ data: row });
  const evidenceSha256 = evidenceDigest(evidence);
  const payload = { checkResultId: id, changeId, commit, verdict: 'passed', evidenceSha256 };
  await tested.database.transaction(orgId, (tx) =>
    appendOrgEvents(tx, { orgId, actor, at: new Date(), events: [{ kind: 'check.finished', payload }] }),
  );
  const event = { kind: 'run.resumed' as const, payload: { reason: 'x' } };
  const opened = { kind: 'sandbox.opened' as const, payload: { image: 'sha256:5ad' } };
  await appendRunEvents(db, { orgId, runId, generation: 0, actor, at: new Date(), events: [event, event, opened] });
  const { key } = await makeApiKey(tested.database, org);
  return { ...made, changeId, key };
}

async function take(of: { org: { slug: string }; key: string }, asked: Record<string, string>) {
  const response = await fetch(`${served.url}/api/orgs/${of.org.slug}/evidence`, {
    method: 'POST',
    headers: { authorization: `Bearer ${of.key}` },
    body: new URLSearchParams(asked),
  });
  return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
}
async function* chunks(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}
const check = (bytes: Uint8Array) => checkFile(chunks(bytes), { hashing: nodeHashing });

describe('the evidence', () => {
  it.each([
    ['of a change', ({ changeId: id }: Made) => ({ what: 'change', id })],
    ['of a run', ({ runId: id }: Made) => ({ what: 'run', id })],
    ['of a period', () => ({ what: 'period', after: '1d', before: '0m' })],
  ])('%s is one file that proves itself', async (_, asked) => {
    const of = await checkedChange();
    const { status, bytes } = await take(of, asked(of));
    expect(status).toBe(200);
    const verdict = await check(bytes);
    expect(verdict).toMatchObject({
      problems: [],
      facts: { runs: [{ id: of.runId, images: ['sha256:5ad'] }], org: { slug: of.org.slug } },
    });
    expect(verdict.events).toBeGreaterThanOrEqual(3);
    expect(Object.keys(unzipSync(bytes))).toEqual(['index.html', 'evidence.json', 'log.jsonl']);
  });
  type Made = Awaited<ReturnType<typeof checkedChange>>;

  it('has a page on which text of agents is text', async () => {
    const of = await checkedChange();
    await of.org.db.task.updateMany({
      where: { orgId: of.org.orgId },
      data: { title: '<img src=x onerror=alert(1)>\u202e' },
    });
    const page = strFromU8(unzipSync((await take(of, { what: 'change', id: of.changeId })).bytes)['index.html']!);
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;‹U+202E›');
    expect(page).not.toMatch(/<img|<script/);
  });

  it.each([
    ['facts that were changed', 'evidence.json', (text: string) => text.replace('"npm test"', '"true"'), 2],
    ['a page that was changed', 'index.html', (text: string) => text.replace('passed', 'failed'), 1],
  ])('with %s is found out', async (_, name, change, problems) => {
    const of = await checkedChange();
    const files = unzipSync((await take(of, { what: 'change', id: of.changeId })).bytes);
    const bent = { ...files, [name]: strToU8(change(strFromU8(files[name]!))) };
    const verdict = await check(zipSync(bent));
    expect(verdict.problems.map(({ tampering }) => tampering)).toEqual(Array(problems).fill('evidence-differs'));
  });

  it('names every policy version that held while a run worked, told to it or not', async () => {
    const of = await checkedChange();
    const { orgId, db } = of.org;
    const run = await db.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: of.runId } } });
    const first = await db.policyVersion.findUniqueOrThrow({ where: { orgId_id: { orgId, id: run.policyVersionId } } });
    const save = async (more: { layer: 'org' | 'repo'; version: number; afterMs: number }) => {
      const { layer, version, afterMs } = more;
      const id = newId('policyVersion');
      const target = layer === 'org' ? orgId : of.repoId;
      const createdAt = new Date(run.createdAt.getTime() + afterMs);
      const data = {
        orgId,
        id,
        layer,
        target,
        version,
        body: first.body ?? {},
        hash: `${layer} ${version}`,
        createdAt,
      };
      await db.policyVersion.create({ data });
      return id;
    };
    const earlier = await save({ layer: 'repo', version: 1, afterMs: -2_000 });
    const begun = await save({ layer: 'repo', version: 2, afterMs: -1_000 });
    const told = await save({ layer: 'org', version: 2, afterMs: 1_000 });
    const untold = await save({ layer: 'repo', version: 3, afterMs: 2_000 });
    const endedAt = new Date(run.createdAt.getTime() + 3_000);
    await db.run.update({ where: { orgId_id: { orgId, id: run.id } }, data: { endedAt } });
    const later = await save({ layer: 'org', version: 3, afterMs: 4_000 });
    const payload = { org: told, repo: begun, version: 2, stricter: ['deny: curl'], looser: [] };
    const events = [{ kind: 'policy.changed' as const, payload }];
    await appendRunEvents(db, { orgId, runId: run.id, generation: 0, actor, at: new Date(), events });
    const { bytes } = await take(of, { what: 'run', id: of.runId });
    const { problems, facts } = await check(bytes);
    expect(problems).toEqual([]);
    const held = facts?.runs[0]?.policies ?? [];
    expect(held.map(({ id, toldSeq }) => [id, toldSeq !== null]).sort()).toEqual(
      [
        [first.id, false],
        [begun, true],
        [told, true],
        [untold, false],
      ].sort(),
    );
    expect(facts?.policies.map(({ id }) => id).sort()).toEqual(held.map(({ id }) => id).sort());
    expect(held.map(({ id }) => id)).not.toContain(earlier);
    expect(held.map(({ id }) => id)).not.toContain(later);
    const page = strFromU8(unzipSync(bytes)['index.html']!);
    expect(page).toMatch(/and version 2 of the org, saved\s+at\s+\S+, told to it by event \d+/);
    const files = unzipSync(bytes);
    const bent = JSON.parse(strFromU8(files['evidence.json']!)) as { runs: { policies: { id: string }[] }[] };
    bent.runs[0]!.policies = bent.runs[0]!.policies.filter(({ id }) => id !== told);
    const without = await check(zipSync({ ...files, 'evidence.json': strToU8(JSON.stringify(bent)) }));
    expect(without.problems.map(({ problem }) => problem).join()).toContain(`leave out the policy version ${told}`);
  });

  it('of a run alone has what people decided for it: who, when, from where, on what', async () => {
    const of = await checkedChange();
    const { orgId, db, owner } = of.org;
    const id = newId('approval');
    const now = new Date();
    const asked = { orgId, id, pipelineRunId: of.pipelineRunId, stageAttemptId: of.stageAttemptId, runId: of.runId };
    const said = { kind: 'budget' as const, subject: {}, digest: 'd'.repeat(64), status: 'approved' as const };
    const times = { createdAt: now, expiresAt: new Date(now.getTime() + 60_000), decidedAt: now };
    await db.approval.create({ data: { ...asked, ...said, ...times } });
    const vote = { orgId, id: newId('approvalVote'), approvalId: id, userId: owner.userId, createdAt: now };
    await db.approvalVote.create({ data: { ...vote, via: 'web', verdict: 'approved', reason: '<b>fine</b>' } });
    const { bytes } = await take(of, { what: 'run', id: of.runId });
    const { problems, facts } = await check(bytes);
    expect(problems).toEqual([]);
    expect(facts?.otherApprovals).toMatchObject([
      {
        id,
        runId: of.runId,
        digest: said.digest,
        votes: [{ userId: owner.userId, via: 'web', at: now.toISOString() }],
      },
    ]);
    expect(strFromU8(unzipSync(bytes)['index.html']!)).toContain('&lt;b&gt;fine&lt;/b&gt;');
    const ofChange = await check((await take(of, { what: 'change', id: of.changeId })).bytes);
    expect(ofChange.facts).toMatchObject({ changes: [{ approvals: [{ id }] }], otherApprovals: [] });
  });

  it('has who approved the version of a policy that held', async () => {
    const of = await checkedChange();
    const { org, runId } = of;
    const { orgId, db, owner } = org;
    const admin = await makeMember(tested.database, org, 'admin');
    const by = ({ userId }: { userId: string }) => ({
      ...{ database: tested.database, orgId, actor: { type: 'user' as const, userId }, now: new Date() },
    });
    const ruled = 'preset: balanced\napproval: { by: admins }\n';
    const stricter = `${ruled}limits:\n  - { id: docs, on: write, paths: ['docs/**'], then: deny }\n`;
    const save = { note: 'why', restored: null };
    await savePolicy(by(owner), { yaml: ruled, basedOn: 1, ...save });
    await savePolicy(by(owner), { yaml: stricter, basedOn: 2, ...save });
    const { id: approvalId, digest } = await db.approval.findFirstOrThrow({ where: { orgId, kind: 'definition' } });
    const before = await check((await take(of, { what: 'run', id: runId })).bytes);
    expect(before.facts?.otherApprovals).toEqual([]);
    const decision = { approvalId, digest, verdict: 'approved' as const, reason: 'as agreed', via: 'browser' };
    const bus = { send: async () => {}, lost: () => {} };
    await decideApproval({ ...by(admin), bus }, decision);
    const { bytes } = await take(of, { what: 'run', id: runId });
    const { problems, facts } = await check(bytes);
    expect(problems).toEqual([]);
    expect(facts?.policies.map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(facts?.otherApprovals).toMatchObject([
      { id: approvalId, digest, about: 'version 3 of the policy of the org', requestedBy: owner.email },
    ]);
    expect(facts?.otherApprovals?.[0]?.votes).toMatchObject([{ by: admin.email, via: 'browser', reason: 'as agreed' }]);
  });

  it('that is cut, or no bundle, is refused', async () => {
    const of = await checkedChange();
    const { bytes } = await take(of, { what: 'run', id: of.runId });
    const whole = await check(bytes);
    expect(whole.problems).toEqual([]);
    await expect(check(zipSync({ 'x.txt': strToU8('x') }))).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(check(bytes.subarray(0, 200))).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('of what is not there, or of another org, is not found', async () => {
    const [of, other] = [await checkedChange(), await checkedChange()];
    expect((await take(of, { what: 'change', id: other.changeId })).status).toBe(404);
    expect((await take(of, { what: 'run', id: other.runId })).status).toBe(404);
    expect((await take({ ...of, key: other.key }, { what: 'run', id: of.runId })).status).toBe(404);
    expect((await take(of, { what: 'all' })).status).toBe(400);
    const empty = await makeOrg(tested.database);
    expect((await take({ org: empty, key: of.key }, { what: 'run', id: of.runId })).status).toBe(404);
  });
});
