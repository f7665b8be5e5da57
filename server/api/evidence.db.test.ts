import { unzipSync, zipSync, strFromU8, strToU8 } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../db/new-id.ts';
import type { TestDatabase } from '../testing/database.ts';
import { makeOrg } from '../testing/factories.ts';
import { checkBundle, checkedChange, takeEvidence } from './testing/checked-change.ts';
import type { Served } from './testing/serve.ts';
import { servedWeb } from './testing/served-web.ts';

let tested: TestDatabase;
let served: Served;
beforeAll(async () => {
  ({ tested, served } = await servedWeb());
});

const checked = () => checkedChange(tested);
const take = (of: Parameters<typeof takeEvidence>[1], asked: Record<string, string>) => takeEvidence(served, of, asked);

describe('the evidence', () => {
  it.each([
    ['of a change', ({ changeId: id }: Made) => ({ what: 'change', id })],
    ['of a run', ({ runId: id }: Made) => ({ what: 'run', id })],
    ['of a period', () => ({ what: 'period', after: '1d', before: '0m' })],
  ])('%s is one file that proves itself', async (_, asked) => {
    const of = await checked();
    const { status, bytes } = await take(of, asked(of));
    expect(status).toBe(200);
    const verdict = await checkBundle(bytes);
    expect(verdict).toMatchObject({
      problems: [],
      facts: { runs: [{ id: of.runId, images: ['sha256:5ad'] }], org: { slug: of.org.slug } },
    });
    expect(verdict.events).toBeGreaterThanOrEqual(3);
    expect(Object.keys(unzipSync(bytes))).toEqual(['index.html', 'evidence.json', 'log.jsonl']);
  });
  type Made = Awaited<ReturnType<typeof checkedChange>>;

  it('has a page on which text of agents is text', async () => {
    const of = await checked();
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
    const of = await checked();
    const files = unzipSync((await take(of, { what: 'change', id: of.changeId })).bytes);
    const bent = { ...files, [name]: strToU8(change(strFromU8(files[name]!))) };
    const verdict = await checkBundle(zipSync(bent));
    expect(verdict.problems.map(({ tampering }) => tampering)).toEqual(Array(problems).fill('evidence-differs'));
  });

  it('of a run alone has what people decided for it: who, when, from where, on what', async () => {
    const of = await checked();
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
    const { problems, facts } = await checkBundle(bytes);
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
    const ofChange = await checkBundle((await take(of, { what: 'change', id: of.changeId })).bytes);
    expect(ofChange.facts).toMatchObject({ changes: [{ approvals: [{ id }] }], otherApprovals: [] });
  });

  it('that is cut, or no bundle, is refused', async () => {
    const of = await checked();
    const { bytes } = await take(of, { what: 'run', id: of.runId });
    const whole = await checkBundle(bytes);
    expect(whole.problems).toEqual([]);
    await expect(checkBundle(zipSync({ 'x.txt': strToU8('x') }))).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(checkBundle(bytes.subarray(0, 200))).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('of what is not there, or of another org, is not found', async () => {
    const [of, other] = [await checked(), await checked()];
    expect((await take(of, { what: 'change', id: other.changeId })).status).toBe(404);
    expect((await take(of, { what: 'run', id: other.runId })).status).toBe(404);
    expect((await take({ ...of, key: other.key }, { what: 'run', id: of.runId })).status).toBe(404);
    expect((await take(of, { what: 'all' })).status).toBe(400);
    const empty = await makeOrg(tested.database);
    expect((await take({ org: empty, key: of.key }, { what: 'run', id: of.runId })).status).toBe(404);
  });
});
