import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../db/connect.ts';
import { testDatabase } from '../../testing/database.ts';
import { makeRepo } from '../../testing/factories.ts';
import { savePolicy } from '../policy/save-policy.ts';
import { restoreRepoPolicy } from './restore-repo-policy.ts';
import { proposingOrg } from './testing/proposing-org.ts';

let database: Database;
beforeAll(async () => ({ database } = await testDatabase()));

const file = '.fleet/policy.yaml';
const refusing = (id: string, path: string) =>
  `limits:\n  - { id: ${id}, on: write, paths: ['${path}'], then: deny }\n`;

/** A repo whose rules have two versions: the second is what its file says. */
async function twice({ approval }: { approval: boolean }) {
  const world = await proposingOrg(database, { approval });
  const { orgId, db, org, owner, deps, propose, take: acceptNow, accept, decide } = world;
  const { repoId } = await makeRepo(org);
  const take = async (proposalId: string, basedOn: number) => {
    if (approval) await decide(await accept(proposalId, basedOn), 'approved');
    else await acceptNow(proposalId, basedOn);
  };
  const first = await propose(file, refusing('no-docs', 'docs/**'), repoId);
  await take(first, 0);
  await db.repoProposal.updateMany({ where: { orgId, id: first }, data: { isCurrent: false } });
  const second = await propose(file, refusing('no-src', 'src/**'), repoId);
  await take(second, 1);
  const restore = (version: number, basedOn: number) =>
    restoreRepoPolicy(deps(owner.userId), { repoId, version, basedOn });
  const versions = () =>
    db.policyVersion.findMany({ where: { orgId, layer: 'repo', target: repoId }, orderBy: { version: 'asc' } });
  return { ...world, repoId, second, restore, versions };
}

it('takes an earlier version of a repo’s rules up again as the next, and proposes again what the file says', async () => {
  const { owner, second, restore, versions, rowOf, lastKinds } = await twice({ approval: false });
  expect(await restore(1, 2)).toEqual({ version: 3 });
  const [one, , three] = await versions();
  expect(three).toMatchObject({ body: one!.body, hash: one!.hash, note: 'Back to version 1', authorId: owner.userId });
  expect(await rowOf(second)).toMatchObject({ status: 'open', decidedBy: null });
  expect(await lastKinds(2)).toEqual(['policy.saved', 'proposal.found']);
});

it('refuses to go back from a version that was not seen, and to one that never was', async () => {
  const { restore, versions } = await twice({ approval: false });
  await expect(restore(1, 1)).rejects.toMatchObject({ code: 'conflict' });
  await expect(restore(7, 2)).rejects.toMatchObject({ code: 'not_found' });
  expect(await versions()).toHaveLength(2);
});

it('is put before a second person where the org’s policy wants that, and leaves the file alone until then', async () => {
  const { second, restore, versions, rowOf, decide } = await twice({ approval: true });
  const saved = await restore(1, 2);
  expect(await versions()).toHaveLength(2);
  expect(await rowOf(second)).toMatchObject({ status: 'accepted' });
  await decide('approvalId' in saved ? saved.approvalId : '', 'approved');
  expect(await versions()).toHaveLength(3);
  expect(await rowOf(second)).toMatchObject({ status: 'open' });
});

it('refuses an earlier version that a limit of the org overrules by now', async () => {
  const { owner, deps, org, propose, take, db, orgId } = await twice({ approval: false });
  const { repoId } = await makeRepo(org);
  const asks = await propose(
    file,
    "defaults:\n  - { id: ask-docs, on: write, paths: ['docs/a/**'], then: ask }\n",
    repoId,
  );
  await take(asks, 0);
  await db.repoProposal.updateMany({ where: { orgId, id: asks }, data: { isCurrent: false } });
  const none = await propose(file, '{}\n', repoId);
  await take(none, 1);
  const yaml = `preset: balanced\n${refusing('no-docs', 'docs/**')}`;
  await savePolicy(deps(owner.userId), { yaml, note: 'no documents', basedOn: 1, restored: null });
  const back = restoreRepoPolicy(deps(owner.userId), { repoId, version: 1, basedOn: 2 });
  await expect(back).rejects.toMatchObject({ code: 'invalid_input' });
});
