import { describe, expect, it } from 'vitest';
import { makeMember } from '../../testing/factories.ts';
import { proposingRepos } from './testing/proposing-repo.ts';

const { rig, start } = proposingRepos();

describe('a file of a role that the org does not have', () => {
  it('proposes a role that the org does not have, with what it could do, as the editor would make it', async () => {
    const { see, accept, as, org, kinds, db, orgId } = await start();
    const poet = `from: developer
title: Poet
purpose: Write the words of the product.
write: { include: ['docs/**'], exclude: [] }
`;
    const [proposal] = (await see({ '.fleet/roles/poet.yaml': poet })).proposals;
    expect(proposal).toMatchObject({ basedOn: 0, problems: [] });
    const { name, before, able } = proposal!.change!;
    expect([name, before]).toEqual(['the role `poet`', '']);
    expect(able.join(' ')).toMatch(/It may write `docs\/\*\*`.*Runs commands.*`shell`.*One agent is hired/);
    expect(await db.role.count({ where: { orgId, name: 'poet' } })).toBe(0);
    expect(await accept(proposal!)).toEqual({ version: 1 });
    const { roles } = await as().roles.list({ org: org.slug });
    const [made, developer] = ['poet', 'developer'].map((each) => roles.find((role) => role.name === each)!);
    expect(made!.versions[0]).toMatchObject({
      version: 1,
      note: expect.stringContaining('.fleet/roles/poet.yaml of api'),
    });
    const { edit } = developer!.versions[0]!;
    expect(made!.versions[0]!.edit).toEqual({
      ...edit,
      ...{ title: 'Poet', purpose: 'Write the words of the product.', write: { include: ['docs/**'], exclude: [] } },
    });
    expect(made!.agents).toMatchObject([{ name: 'Poet' }]);
    expect((await kinds()).slice(-2)).toEqual(['role.added', 'proposal.accepted']);
    // The file says what is in force, and from then on changes that role.
    expect((await see()).proposals).toEqual([]);
    const [next] = (await see({ '.fleet/roles/poet.yaml': poet.replace('title: Poet', 'title: Bard') })).proposals;
    expect(next).toMatchObject({ basedOn: 1, change: { able: [], after: expect.stringContaining('Bard') } });
  });

  it('is refused where the role that it begins with, or that one’s agent, is another than was shown', async () => {
    const { see, accept, as, org, db, orgId } = await start();
    const text = 'from: developer\ntitle: Poet\npurpose: Write.\n';
    const [seen] = (await see({ '.fleet/roles/poet.yaml': text })).proposals;
    const { roles } = await as().roles.list({ org: org.slug });
    const [newest] = roles.find(({ name }) => name === 'developer')!.versions;
    const { version: basedOn, edit: shown } = newest!;
    const edit = { ...shown, write: { include: ['src/**'], exclude: [] } };
    await as().roles.save({ org: org.slug, role: 'developer', basedOn, note: 'other', edit });
    const told = { code: 'CONFLICT', message: expect.stringContaining('what it begins with was changed') };
    await expect(accept(seen!)).rejects.toMatchObject(told);
    const [now] = (await see()).proposals;
    expect(now).toMatchObject({ id: seen!.id, digest: seen!.digest, basedOn: 0, status: 'open' });
    await db.agent.updateMany({ where: { orgId, name: 'Developer' }, data: { maxRuns: 5 } });
    await expect(accept(now!)).rejects.toMatchObject(told);
    expect(await db.role.count({ where: { orgId, name: 'poet' } })).toBe(0);
    expect(await accept((await see()).proposals[0]!)).toEqual({ version: 1 });
    const made = await db.agent.findFirstOrThrow({ where: { orgId, name: 'Poet' } });
    expect(made).toMatchObject({ maxRuns: 5 });
  });

  it.each<[string, string, string, RegExp]>([
    ['tools of its own', 'poet', 'tools: [shell]', /`tools`/],
    ['MCP servers of its own', 'poet', 'servers: [tracker]', /`servers`/],
    ['a kind of its own', 'poet', 'contract: build', /`contract`/],
    ['a name that no role may have', '9lives', '', /lower-case letters/],
    ['the name of an agent that is there', 'code-reviewer-2', '', /^$/],
    ['nothing to begin with', 'poet', 'from: nobody', /no role nobody/],
    [
      'a reviewer that writes',
      'poet',
      "from: code-reviewer\nwrite: { include: ['**'], exclude: [] }",
      /writes nothing/,
    ],
    ['a limit beyond what the editor takes', 'poet', 'costLimitMicros: 2000000000', /costLimitMicros/],
    ['a path outside the repository', 'poet', "write: { include: ['../x'], exclude: [] }", /leaves the repository/],
  ])('a new role with %s is refused', async (_what, name, said, words) => {
    const { see, accept, db, orgId } = await start();
    const from = said.includes('from:') ? '' : 'from: developer\n';
    const text = `${from}title: Poet\npurpose: Write.\n${said}\n`;
    const [proposal] = (await see({ [`.fleet/roles/${name}.yaml`]: text })).proposals;
    if (words.source === '^$') {
      expect(proposal!.problems).toEqual([]);
      await db.agent.updateMany({ where: { orgId, name: 'Developer' }, data: { name: 'Code reviewer 2' } });
      expect((await see()).proposals[0]!.problems[0]!.message).toMatch(/an agent named Code reviewer 2 already/);
    } else {
      expect(proposal!.problems.map(({ message }) => message).join('\n')).toMatch(words);
    }
    await expect(accept(proposal!)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(await db.role.count({ where: { orgId, name } })).toBe(0);
  });

  it('a new role waits for a second person where the org’s policy wants that', async () => {
    const { see, accept, as, org, db, orgId } = await start();
    const admin = await makeMember(rig.tested.database, org, 'admin');
    const yaml = 'preset: balanced\napproval: { by: admins }\n';
    await as().policy.save({ org: org.slug, yaml, note: 'two', basedOn: 1 });
    const text = 'from: qa-engineer\ntitle: Poet\npurpose: Write.\n';
    const saved = await accept((await see({ '.fleet/roles/poet.yaml': text })).proposals[0]!);
    if (!('approvalId' in saved)) throw new Error('it was not put before anybody');
    const approval = await as(admin).approvals.get({ org: org.slug, approvalId: saved.approvalId });
    expect(approval).toMatchObject({ mayDecide: true, definition: { name: 'the role `poet`', before: '' } });
    expect(approval.definition!.able.join(' ')).toContain('One agent is hired into it');
    expect(await db.role.count({ where: { orgId, name: 'poet' } })).toBe(0);
    const decision = { org: org.slug, approvalId: approval.id, digest: approval.digest, verdict: 'approved' as const };
    await as(admin).approvals.decide({ ...decision, reason: '' });
    expect(await db.role.count({ where: { orgId, name: 'poet' } })).toBe(1);
    expect((await see()).proposals).toEqual([]);
  });
});
