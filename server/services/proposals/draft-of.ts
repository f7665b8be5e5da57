import type { z } from 'zod';
import type { OrgDb, OrgTx } from '../../db/connect.ts';
import { policyDocument, type PolicyDocument } from '../../domain/policy/document.ts';
import { readStrictYaml, type YamlProblem } from '../../domain/policy/strict-yaml.ts';
import { tryCases } from '../../domain/policy/try-cases.ts';
import { fleetFileOf } from '../../domain/proposals/fleet-files.ts';
import { repoPolicy } from '../../domain/proposals/repo-policy.ts';
import { roleFile, saidOf } from '../../domain/proposals/role-file.ts';
import { definitionHash } from '../../domain/roles/definition-hash.ts';
import { roleBody, type RoleBody } from '../../domain/roles/role-body.ts';
import { editProblem } from '../../domain/roles/role-edit.ts';
import { roleName } from '../../domain/roles/role-name.ts';
import { orgPolicy, underOf } from '../policy/org-policy.ts';
import { findBeginning, type NewRole } from '../roles/add-role.ts';
import { agentOf } from '../roles/insert-role.ts';

export type Proposed = { path: string; text: string; problem: string | null; repoId: string };

/** `before`: what is in force, with its number; 0 and null where there is nothing. */
export type Draft =
  | {
      of: 'policy';
      basedOn: number;
      before: PolicyDocument | null;
      body: PolicyDocument;
      /** The org's policy, which it may only narrow. */
      org: PolicyDocument;
    }
  | { of: 'role'; role: string; roleId: string; basedOn: number; before: RoleBody; body: RoleBody }
  | (Pick<NewRole, 'body' | 'from' | 'maxRuns' | 'secondsLimit'> & {
      of: 'new-role';
      role: string;
      basedOn: 0;
      before: null;
    });

export type Drafted = { ok: true; draft: Draft } | { ok: false; problems: YamlProblem[] };

const refused = (message: string): Drafted => ({ ok: false, problems: [{ line: 1, column: 1, message }] });

/** Of all that accepting it would keep: a file can begin with a role whose own body, or whose agent, is another by now. */
export function draftHash(draft: Draft): string {
  if (draft.of !== 'new-role') return definitionHash(draft.body);
  const { body, from, maxRuns, secondsLimit } = draft;
  return definitionHash({ body, from, maxRuns, secondsLimit });
}

/** What a file of a repo would bring into force, on top of what is in force now; or what is wrong with it, with its places. */
export async function draftOf(db: OrgDb | OrgTx, orgId: string, file: Proposed): Promise<Drafted> {
  if (file.problem !== null) return refused(file.problem);
  const what = fleetFileOf(file.path);
  if (what === null) return refused('Fleet reads no such file.');
  return what.of === 'policy' ? policyDraft(db, orgId, file) : roleDraft(db, orgId, { ...file, role: what.role });
}

async function policyDraft(db: OrgDb | OrgTx, orgId: string, { text, repoId }: Proposed): Promise<Drafted> {
  const reading = readStrictYaml(text, { schema: repoPolicy, what: 'policy' });
  if (!reading.ok) return reading;
  const body = reading.value;
  const org = await orgPolicy(db, orgId);
  const [failed] = tryCases(body, await underOf(db, { orgId, repoId, org }));
  if (failed) {
    const { words, verdict } = failed;
    return refused(`A case fails: ${words}, and is ${verdict.verdict}: ${verdict.reason}`);
  }
  const newest = await db.policyVersion.findFirst({
    where: { orgId, layer: 'repo', target: repoId },
    orderBy: { version: 'desc' },
  });
  const before = newest ? policyDocument.parse(newest.body) : null;
  return { ok: true, draft: { of: 'policy', basedOn: newest?.version ?? 0, before, body, org } };
}

type OfNew = { role: string; said: z.infer<typeof roleFile> };

/** A role that the org does not have: as the editor makes one, which copies another and changes what it may. */
async function newRoleDraft(db: OrgDb | OrgTx, orgId: string, { role, said }: OfNew): Promise<Drafted> {
  const named = roleName.safeParse(role);
  if (!named.success) return refused(named.error.issues[0]?.message ?? 'A role cannot be named so.');
  const { from, title, purpose } = said;
  if (from === undefined || title === undefined || purpose === undefined) {
    return refused(
      `This org has no role ${role}. To propose it, say its \`title\`, its \`purpose\` and \`from\`: the role of the org or of the catalogue whose kind and tools it begins with.`,
    );
  }
  const begins = await findBeginning(db, orgId, from);
  if (begins === null)
    return refused(`There is no role ${from} to begin with, neither in this org nor in the catalogue.`);
  const agent = agentOf(role);
  if ((await db.agent.count({ where: { orgId, name: agent } })) > 0)
    return refused(
      `This org has an agent named ${agent} already, as the one of this role would be: name the role otherwise.`,
    );
  const body = { ...begins.body, ...saidOf(said) };
  const problem = editProblem(begins.body, body);
  if (problem !== null) return refused(problem);
  return { ok: true, draft: { ...begins, of: 'new-role', role, basedOn: 0, before: null, body } };
}

type OfRole = Proposed & { role: string };

async function roleDraft(db: OrgDb | OrgTx, orgId: string, { text, role }: OfRole): Promise<Drafted> {
  const reading = readStrictYaml(text, { schema: roleFile, what: 'role' });
  if (!reading.ok) return reading;
  const newest = await db.roleVersion.findFirst({
    where: { orgId, role: { name: role } },
    orderBy: { version: 'desc' },
  });
  if (!newest) return newRoleDraft(db, orgId, { role, said: reading.value });
  const before = roleBody.parse(newest.body);
  const body = { ...before, ...saidOf(reading.value) };
  const problem = editProblem(before, body);
  if (problem !== null) return refused(problem);
  const { roleId, version: basedOn } = newest;
  return { ok: true, draft: { of: 'role', role, roleId, basedOn, before, body } };
}
