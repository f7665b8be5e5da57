import type { OrgDb, OrgTx } from '../../db/connect.ts';
import { policyDocument, type PolicyDocument } from '../../domain/policy/document.ts';
import { readStrictYaml, type YamlProblem } from '../../domain/policy/strict-yaml.ts';
import { tryCases } from '../../domain/policy/try-cases.ts';
import { fleetFileOf } from '../../domain/proposals/fleet-files.ts';
import { repoPolicy } from '../../domain/proposals/repo-policy.ts';
import { roleFile, saidOf } from '../../domain/proposals/role-file.ts';
import { roleBody, type RoleBody } from '../../domain/roles/role-body.ts';
import { editProblem } from '../../domain/roles/role-edit.ts';
import { orgPolicy } from '../policy/org-policy.ts';

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
  | { of: 'role'; role: string; roleId: string; basedOn: number; before: RoleBody; body: RoleBody };

export type Drafted = { ok: true; draft: Draft } | { ok: false; problems: YamlProblem[] };

const refused = (message: string): Drafted => ({ ok: false, problems: [{ line: 1, column: 1, message }] });

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
  const [failed] = tryCases(body, org);
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

type OfRole = Proposed & { role: string };

async function roleDraft(db: OrgDb | OrgTx, orgId: string, { text, role }: OfRole): Promise<Drafted> {
  const reading = readStrictYaml(text, { schema: roleFile, what: 'role' });
  if (!reading.ok) return reading;
  const newest = await db.roleVersion.findFirst({
    where: { orgId, role: { name: role } },
    orderBy: { version: 'desc' },
  });
  if (!newest) return refused(`This org has no role ${role}: take or copy one of that name first.`);
  const before = roleBody.parse(newest.body);
  const body = { ...before, ...saidOf(reading.value) };
  const problem = editProblem(before, body);
  if (problem !== null) return refused(problem);
  const { roleId, version: basedOn } = newest;
  return { ok: true, draft: { of: 'role', role, roleId, basedOn, before, body } };
}
