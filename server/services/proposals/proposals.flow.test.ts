import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeMember } from '../../testing/factories.ts';
import { narrow, policyFile, proposingRepos } from './testing/proposing-repo.ts';

const { rig, start } = proposingRepos();
const roleFile = '.fleet/roles/developer.yaml';

describe('what files under .fleet of a repo propose', () => {
  it('counts for nothing until a person accepts it, then narrows runs in that repo, and is in the log', async () => {
    const { see, accept, kinds, verdict, as, org } = await start();
    expect((await see()).proposals).toEqual([]);
    const began = new Date();
    const { proposals, policy } = await see({ [policyFile]: narrow });
    expect(policy).toBeNull();
    const change = { stricter: [expect.stringContaining('no-docs')], looser: [] };
    expect(proposals).toMatchObject([{ path: policyFile, status: 'open', problems: [], vain: [], change }]);
    expect((await verdict('docs/a.md', began)).verdict).toBe('allow');
    expect((await as().proposals.list({ org: org.slug })).proposals).toHaveLength(1);

    expect(await accept(proposals[0]!)).toEqual({ version: 1 });
    // A tightening reaches a run that began before.
    expect(await verdict('docs/a.md', began)).toMatchObject({ verdict: 'deny', rule: 'no-docs', layer: 'repo' });
    const after = await see();
    const versions = [{ version: 1, yaml: expect.stringContaining('no-docs') }];
    expect(after).toMatchObject({ proposals: [], policy: { version: 1, versions } });
    expect((await kinds()).slice(-3)).toEqual(['proposal.found', 'policy.saved', 'proposal.accepted']);
    await expect(accept(proposals[0]!)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('is proposed anew when the file says something else, and gone when it says nothing', async () => {
    const { see, accept, as, org, kinds } = await start();
    const [first] = (await see({ [policyFile]: narrow })).proposals;
    const [second] = (await see({ [policyFile]: 'preset: cautious\n' })).proposals;
    expect(second!.id).not.toBe(first!.id);
    await expect(accept(first!)).rejects.toMatchObject({ code: 'CONFLICT', message: /says something else/ });
    await expect(accept({ ...second!, digest: first!.digest })).rejects.toMatchObject({ code: 'CONFLICT' });
    const { id: proposalId, digest } = second!;
    await as().proposals.dismiss({ org: org.slug, proposalId, digest, reason: 'not now' });
    expect((await see()).proposals).toMatchObject([
      { status: 'dismissed', reason: 'not now', decidedBy: org.owner.email },
    ]);
    expect((await see({ [policyFile]: narrow })).proposals).toMatchObject([{ id: first!.id, status: 'open' }]);
    expect((await see({ [policyFile]: null })).proposals).toEqual([]);
    expect((await kinds()).filter((kind) => kind.startsWith('proposal.'))).toEqual([
      ...['proposal.found', 'proposal.gone', 'proposal.found', 'proposal.dismissed', 'proposal.gone', 'proposal.found'],
      'proposal.gone',
    ]);
  });

  it('is refused where it would loosen what is above it, with the rule and the layer', async () => {
    const { see, accept, as, org, verdict } = await start();
    const limit = "preset: balanced\nlimits:\n  - { id: frozen, on: write, paths: ['docs/**'], then: deny }\n";
    await as().policy.save({ org: org.slug, yaml: limit, note: 'frozen', basedOn: 1 });
    const loosening = "defaults:\n  - { id: open, on: write, paths: ['docs/api/**'], then: allow }\n";
    const [proposal] = (await see({ [policyFile]: loosening })).proposals;
    expect(proposal!.vain).toMatchObject([
      { whole: true, message: expect.stringMatching(/`open`.*`frozen` of the org/) },
    ]);
    await expect(accept(proposal!)).rejects.toMatchObject({ code: 'BAD_REQUEST', message: /cannot loosen/ });
    expect((await verdict('docs/api/a.md')).verdict).toBe('deny');
    const widening = 'preset: autonomous\notherwise: { write: allow }\n';
    const [wide] = (await see({ [policyFile]: widening })).proposals;
    await accept(wide!);
    // Accepted, for what it says of defaults; the limit holds.
    expect(await verdict('docs/api/a.md')).toMatchObject({ verdict: 'deny', rule: 'frozen' });
  });

  it.each<[string, string, RegExp]>([
    ['an anchor', 'limits: &a []\ndefaults: *a\n', /1:12 Anchors/],
    ['a key twice', 'preset: balanced\npreset: cautious\n', /2:1 The same key/],
    ['an unknown key', 'preset: balanced\n  \nallow: []\n', /3:1 `allow` is not a key of a policy/],
    ['a tab', 'limits:\n\t- id: a\n', /2:\d+ .*tab/],
    ['a huge file', 'a: '.repeat(100_000), /1:1 It is longer than 256 KB/],
    ['a file that is not text', 'preset: \0\n', /1:1 It is not text/],
    ['deep nesting', `limits: ${'['.repeat(20_000)}`, /1:\d+ /],
    ['who may approve', 'approval: { by: owners }\n', /1:11 approval: `approval` belongs to the policy of the org/],
    ['who may change', 'changes: admins\n', /1:10 changes: `changes` belongs/],
    ['a case that fails', narrow.replace('is: deny', 'is: allow'), /1:1 A case fails/],
    [
      'a pattern beyond bounds',
      `limits:\n  - { id: a, on: write, paths: ['${'*a'.repeat(40)}'], then: deny }\n`,
      /2:\d+ .*wildcards/,
    ],
  ])('%s is refused with line and column', async (_what, text, words) => {
    const { see, accept } = await start();
    const [proposal] = (await see({ [policyFile]: text })).proposals;
    expect(proposal).toMatchObject({ status: 'open', change: null });
    expect(proposal!.problems.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n')).toMatch(
      words,
    );
    await expect(accept(proposal!)).rejects.toMatchObject({ code: 'BAD_REQUEST', message: /^Line \d+, column \d+: / });
  });

  it('is not read through a link, and other files are not read at all', async () => {
    const { see, tree } = await start();
    mkdirSync(path.join(tree, '.fleet/roles'), { recursive: true });
    symlinkSync('/etc/passwd', path.join(tree, policyFile));
    const { proposals } = await see({ '.fleet/roles/Not A Role.yaml': 'x', 'sub/.fleet/policy.yaml': narrow });
    expect(proposals).toMatchObject([{ path: policyFile, problems: [{ message: expect.stringContaining('a link') }] }]);
  });

  it('changes of a role only what the file says; one of no role is told what a new one needs', async () => {
    const { see, accept, as, org } = await start();
    const { proposals } = await see({ [roleFile]: 'title: Builder\n', '.fleet/roles/poet.yaml': 'title: Poet\n' });
    const [developer, poet] = proposals;
    expect(poet).toMatchObject({
      change: null,
      problems: [{ message: expect.stringMatching(/no role poet.*`title`.*`purpose`.*`from`/) }],
    });
    expect(developer!.change).toMatchObject({
      name: 'the role `developer`',
      after: expect.stringContaining('Builder'),
    });
    await accept(developer!);
    const { roles } = await as().roles.list({ org: org.slug });
    const { versions } = roles.find(({ name }) => name === 'developer')!;
    expect(versions[0]!.edit).toEqual({ ...versions[1]!.edit, title: 'Builder' });
    const [odd] = (await see({ [roleFile]: 'title: B\nwrite: { include: ["../x"], exclude: [] }\ntools: [shell]\n' }))
      .proposals;
    expect(odd!.problems.map(({ line, message }) => `${line} ${message}`).join('\n')).toMatch(
      /2 .*leaves the repository[^]*3 `tools`/,
    );
  });

  it('is put before a second person where the org’s policy wants that', async () => {
    const { see, accept, as, org, verdict } = await start();
    const admin = await makeMember(rig.tested.database, org, 'admin');
    await as().policy.save({
      org: org.slug,
      yaml: 'preset: balanced\napproval: { by: admins }\n',
      note: 'two',
      basedOn: 1,
    });
    const [proposal] = (await see({ [policyFile]: narrow })).proposals;
    const saved = await accept(proposal!);
    if (!('approvalId' in saved)) throw new Error('it was not put before anybody');
    expect((await verdict('docs/a.md')).verdict).toBe('allow');
    expect((await see()).proposals).toMatchObject([{ status: 'accepted', approvalId: saved.approvalId }]);
    const approval = await as(admin).approvals.get({ org: org.slug, approvalId: saved.approvalId });
    expect(approval).toMatchObject({
      mayDecide: true,
      definition: { name: 'the policy of the repo `api`', before: '' },
    });
    const decision = { org: org.slug, approvalId: approval.id, digest: approval.digest, verdict: 'approved' as const };
    await expect(as().approvals.decide({ ...decision, reason: '' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await as(admin).approvals.decide({ ...decision, reason: '' });
    expect((await verdict('docs/a.md')).verdict).toBe('deny');
    expect(await see()).toMatchObject({ proposals: [], policy: { version: 1 } });
  });

  it('is accepted only on top of the version that it was compared with', async () => {
    const { see, accept, verdict } = await start();
    const [seen] = (await see({ [policyFile]: 'preset: cautious\n' })).proposals;
    expect(seen!.basedOn).toBe(0);
    const [narrower] = (await see({ [policyFile]: narrow })).proposals;
    await accept(narrower!);
    const [now] = (await see({ [policyFile]: 'preset: cautious\n' })).proposals;
    expect(now).toMatchObject({ id: seen!.id, digest: seen!.digest, basedOn: 1 });
    await expect(accept(seen!)).rejects.toMatchObject({ code: 'CONFLICT', message: /Version 1 is in force by now/ });
    expect(await verdict('docs/a.md')).toMatchObject({ verdict: 'deny', rule: 'no-docs' });
    expect(await accept(now!)).toEqual({ version: 2 });
  });

  it('is accepted only under the version of the org’s policy that it was compared under', async () => {
    const { see, accept, as, org, kinds } = await start();
    const docs = "defaults:\n  - { id: open, on: write, paths: ['docs/**'], then: allow }\n";
    const seen = await see({ [policyFile]: docs });
    const [proposal] = seen.proposals;
    expect(proposal!.vain.some(({ whole }) => whole)).toBe(false);
    const limit = "preset: balanced\nlimits:\n  - { id: frozen, on: write, paths: ['docs/**'], then: deny }\n";
    await as().policy.save({ org: org.slug, yaml: limit, note: 'frozen', basedOn: 1 });
    const told = { code: 'CONFLICT', message: /Version 2 of the org’s policy is in force by now/ };
    await expect(accept(proposal!, org.owner, seen.orgVersion)).rejects.toMatchObject(told);
    expect((await kinds()).at(-1)).toBe('policy.saved');
    const now = await see();
    expect(now).toMatchObject({ orgVersion: 2, policy: null, proposals: [{ id: proposal!.id, status: 'open' }] });
    expect(now.proposals[0]!.vain).toMatchObject([{ whole: true, message: expect.stringContaining('frozen') }]);
    await as().policy.save({ org: org.slug, yaml: 'preset: balanced\n', note: 'thawed', basedOn: 2 });
    await expect(accept(proposal!, org.owner, now.orgVersion)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await accept(proposal!, org.owner, 3)).toEqual({ version: 1 });
  });

  it('is accepted by owners and admins alone, and by owners where the policy leaves changes to them', async () => {
    const { see, accept, as, org } = await start();
    const [admin, maintainer] = await Promise.all(
      (['admin', 'maintainer'] as const).map((role) => makeMember(rig.tested.database, org, role)),
    );
    const [proposal] = (await see({ [policyFile]: narrow })).proposals;
    await expect(accept(proposal!, maintainer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await as().policy.save({ org: org.slug, yaml: 'preset: balanced\nchanges: owners\n', note: 'x', basedOn: 1 });
    await expect(accept(proposal!, admin)).rejects.toMatchObject({ code: 'FORBIDDEN', message: /owners of the org/ });
    expect(await accept(proposal!)).toEqual({ version: 1 });
  });
});
