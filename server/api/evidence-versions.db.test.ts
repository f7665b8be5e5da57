import { unzipSync, zipSync, strFromU8, strToU8 } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { appendRunEvents } from '../db/append-event.ts';
import { newId } from '../db/new-id.ts';
import { definitionHash } from '../domain/roles/definition-hash.ts';
import { editOf } from '../domain/roles/role-edit.ts';
import { roleBody } from '../domain/roles/role-body.ts';
import { saveAgent } from '../services/agents/save-agent.ts';
import { currentSettings } from '../services/agents/revise-agent.ts';
import { decideApproval } from '../services/approvals/decide-approval.ts';
import { savePolicy } from '../services/policy/save-policy.ts';
import { saveRole } from '../services/roles/save-role.ts';
import type { TestDatabase } from '../testing/database.ts';
import { makeMember } from '../testing/factories.ts';
import { checkBundle, checkedChange, evidenceActor as actor, takeEvidence } from './testing/checked-change.ts';
import type { Served } from './testing/serve.ts';
import { servedWeb } from './testing/served-web.ts';

let tested: TestDatabase;
let served: Served;
beforeAll(async () => {
  ({ tested, served } = await servedWeb());
});

const checked = () => checkedChange(tested);
const take = (of: Parameters<typeof takeEvidence>[1], asked: Record<string, string>) => takeEvidence(served, of, asked);

describe('the versions in the evidence', () => {
  it('names every policy version that held while a run worked, told to it or not', async () => {
    const of = await checked();
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
    const { problems, facts } = await checkBundle(bytes);
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
    const without = await checkBundle(zipSync({ ...files, 'evidence.json': strToU8(JSON.stringify(bent)) }));
    expect(without.problems.map(({ problem }) => problem).join()).toContain(`leave out the policy version ${told}`);
  });

  it('has who approved the version of a policy that held', async () => {
    const of = await checked();
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
    const before = await checkBundle((await take(of, { what: 'run', id: runId })).bytes);
    expect(before.facts?.otherApprovals).toEqual([]);
    const decision = { approvalId, digest, verdict: 'approved' as const, reason: 'as agreed', via: 'browser' };
    const bus = { send: async () => {}, lost: () => {} };
    await decideApproval({ ...by(admin), bus }, decision);
    const { bytes } = await take(of, { what: 'run', id: runId });
    const { problems, facts } = await checkBundle(bytes);
    expect(problems).toEqual([]);
    expect(facts?.policies.map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(facts?.otherApprovals).toMatchObject([
      { id: approvalId, digest, about: 'version 3 of the policy of the org', requestedBy: owner.email },
    ]);
    expect(facts?.otherApprovals?.[0]?.votes).toMatchObject([{ by: admin.email, via: 'browser', reason: 'as agreed' }]);
  });

  it('names every version of its role that held while a run worked, and no other', async () => {
    const of = await checked();
    const { orgId, db, owner } = of.org;
    const { createdAt, agentId } = await db.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: of.runId } } });
    const after = (ms: number) => new Date(createdAt.getTime() + ms);
    const by = (now: Date) => ({
      ...{ database: tested.database, orgId, actor: { type: 'user' as const, userId: owner.userId }, now },
    });
    const version = (number: number) =>
      db.roleVersion.findFirstOrThrow({ where: { orgId, role: { name: 'developer' }, version: number } });
    const save = async (basedOn: number, ms: number) => {
      const edit = { ...editOf(roleBody.parse((await version(basedOn)).body)), title: `Title ${basedOn + 1}` };
      await saveRole(by(after(ms)), { role: 'developer', basedOn, note: 'why', edit, restored: null });
      return (await version(basedOn + 1)).id;
    };
    const keepAt = async (roleVersion: number | null, ms: number) => {
      const { agent, settings } = await currentSettings(db, { orgId, agentId });
      const next = { agentId, basedOn: agent.revision, note: 'why', restored: null };
      await saveAgent(by(after(ms)), { ...next, settings: { ...settings, roleVersion } });
    };
    const begun = (await version(1)).id;
    const second = await save(1, 1_000);
    await keepAt(2, 2_000);
    await save(2, 3_000);
    await keepAt(null, 5_000);
    const fourth = await save(3, 6_000);
    const told = { org: of.starters.policyVersionId, repo: null, version: 1, role: second, stricter: [], looser: [] };
    const events = [{ kind: 'policy.changed' as const, payload: told }];
    await appendRunEvents(db, { orgId, runId: of.runId, generation: 0, actor, at: new Date(), events });
    const endsAt = async (ms: number) => {
      await db.run.update({ where: { orgId_id: { orgId, id: of.runId } }, data: { endedAt: after(ms) } });
      const { bytes } = await take(of, { what: 'run', id: of.runId });
      const { problems, facts } = await checkBundle(bytes);
      expect(problems).toEqual([]);
      return { files: unzipSync(bytes), facts: facts! };
    };
    const { facts, files } = await endsAt(4_000);
    expect(facts.runs[0]?.roles?.map(({ id, toldSeq }) => [id, toldSeq !== null])).toEqual([
      [begun, false],
      [second, true],
    ]);
    expect(facts.roles?.map(({ id, name }) => [id, name])).toEqual([
      [begun, 'developer'],
      [second, 'developer'],
    ]);
    const page = strFromU8(files['index.html']!);
    expect(page).toMatch(/and version 2, saved at \S+, told to it by event \d+/);
    const log = strFromU8(files['log.jsonl']!);
    expect(log.match(/"kind":"role.saved"/g)).toHaveLength(1);
    expect(log).toContain('"kind":"starters.hired"');
    const later = await endsAt(7_000);
    expect(later.facts.runs[0]?.roles?.map(({ id }) => id)).toEqual([begun, second, (await version(3)).id, fourth]);

    type Listed = { id: string; version: number; hash: string };
    type Facts = {
      runs: { role: Listed; roles: Listed[]; policy: Listed; policies: Listed[] }[];
      policies: Listed[];
      roles?: (Listed & { roleId: string; body: { title: string } })[];
    };
    const bent = async (bend: (facts: Facts) => void) => {
      const other = JSON.parse(strFromU8(files['evidence.json']!)) as Facts;
      bend(other);
      const { problems } = await checkBundle(zipSync({ ...files, 'evidence.json': strToU8(JSON.stringify(other)) }));
      return problems.map(({ problem }) => problem).join();
    };
    const without = await bent(({ runs }) => void (runs[0]!.roles = runs[0]!.roles.filter(({ id }) => id !== second)));
    expect(without).toContain(`leave out the role version ${second}`);
    const reworded = await bent(({ roles }) => void (roles![1]!.body.title = 'Another'));
    expect(reworded).toContain(`the role version ${second} of the facts is not what the log says was saved`);
    const rehashed = await bent(({ roles }) => {
      roles![1]!.body.title = 'Another';
      roles![1]!.hash = definitionHash(roles![1]!.body);
    });
    expect(rehashed).toContain(`the role version ${second} of the facts is not what the log says was saved`);
    const first = of.starters.policyVersionId;
    const bends: [(facts: Facts) => void, string][] = [
      [(all) => void all.roles!.pop(), `the facts say nothing of the role version ${second}`],
      [({ runs }) => void (runs[0]!.roles[1]!.hash = 'x'), `the role version ${second} is another in the run`],
      [({ runs }) => void (runs[0]!.role.version = 7), `the role version ${begun} is another in the run`],
      [({ roles }) => void (roles![1]!.roleId = 'x'), `the role version ${second} is not one of the role of the run`],
      [({ roles }) => void roles!.push(roles![0]!), `the facts have the role version ${begun} twice`],
      [
        ({ roles }) => void (roles![1]!.version = 1),
        `the facts have the role version ${facts.roles![0]!.roleId} 1 twice`,
      ],
      [(all) => void (all.policies = []), `the facts say nothing of the policy version ${first}`],
      [({ runs }) => void (runs[0]!.policies[0]!.hash = 'x'), `the policy version ${first} is another in the run`],
      [({ runs }) => void (runs[0]!.policy.version = 7), `the policy version ${first} is another in the run`],
      [({ policies }) => void policies.push(policies[0]!), `the facts have the policy version ${first} twice`],
    ];
    for (const [bend, words] of bends) expect(await bent(bend)).toContain(words);
    // As bundles were before versions of roles were in them: only that these are not the facts that the log has.
    const older = await bent((all) => {
      delete all.roles;
      for (const run of all.runs as Partial<Facts['runs'][number]>[]) delete run.roles;
    });
    expect(older).toBe('the facts of the bundle are not those that the log says were made');
  });

  it('has in its log that a version of the role was saved and approved, however long before the run', async () => {
    const of = await checked();
    const { orgId, db, owner } = of.org;
    const admin = await makeMember(tested.database, of.org, 'admin');
    const by = ({ userId }: { userId: string }) => ({
      ...{ database: tested.database, orgId, actor: { type: 'user' as const, userId }, now: new Date() },
    });
    const ruled = { yaml: 'preset: balanced\napproval: { by: admins }\n', basedOn: 1, note: 'why', restored: null };
    await savePolicy(by(owner), ruled);
    const first = await db.roleVersion.findFirstOrThrow({ where: { orgId, role: { name: 'developer' } } });
    const edit = { ...editOf(roleBody.parse(first.body)), title: 'Another' };
    await saveRole(by(owner), { role: 'developer', basedOn: 1, note: 'why', edit, restored: null });
    const { id: approvalId, digest } = await db.approval.findFirstOrThrow({ where: { orgId, kind: 'definition' } });
    const bus = { send: async () => {}, lost: () => {} };
    await decideApproval(
      { ...by(admin), bus },
      { approvalId, digest, verdict: 'approved', reason: 'as agreed', via: 'browser' },
    );
    const { bytes } = await take(of, { what: 'run', id: of.runId });
    const { problems, facts } = await checkBundle(bytes);
    expect(problems).toEqual([]);
    expect(facts?.runs[0]?.roles?.map(({ version }) => version)).toEqual([1, 2]);
    expect(facts?.otherApprovals).toMatchObject([
      { id: approvalId, votes: [{ by: admin.email, reason: 'as agreed' }] },
    ]);
    const lines = strFromU8(unzipSync(bytes)['log.jsonl']!).split('\n');
    for (const kind of ['policy.saved', 'role.saved', 'approval.requested', 'approval.decided']) {
      expect(lines.filter((line) => line.includes(`"kind":"${kind}"`) && line.includes('payload'))).toHaveLength(1);
    }
  });
});
