import type { EvidenceFacts } from './evidence-facts.ts';
import type { ExportedLine } from './exported-log.ts';

type Digest = (body: unknown) => string;
type Told = { run: string; what: 'policies' | 'roles'; id: string };
/** What events of these kinds say of a version: of a policy its id, of a role its number, which is 1 where it is new. */
type Saved = { policyVersionId?: string; roleId?: string; version?: number; hash: string };

const savingKinds = new Set(['policy.saved', 'role.saved', 'role.added', 'role.tools-changed']);
const roleKey = (roleId: string | undefined, version: number) => `${roleId} ${version}`;

/**
 * Holds the versions of policies and roles in a bundle's facts to the log in it: none is left out that a run was told of, and each is
 * the document that was saved, where the log has that. Excerpts of older bundles do not have it.
 */
export function versionsCheck(digest: Digest) {
  const subjects = new Map<string, string>();
  const told: Told[] = [];
  const saved = new Map<string, string>();
  return {
    take(line: ExportedLine): void {
      if (line.type === 'subject') subjects.set(line.stream, line.subject);
      if (line.type !== 'event') return;
      if (line.kind === 'policy.changed') {
        const run = subjects.get(line.stream) ?? line.stream;
        const { org, repo, role } = JSON.parse(line.payload) as Record<string, string | null | undefined>;
        for (const id of [org, repo]) if (typeof id === 'string') told.push({ run, what: 'policies', id });
        if (typeof role === 'string') told.push({ run, what: 'roles', id: role });
      }
      if (!savingKinds.has(line.kind)) return;
      const { policyVersionId, roleId, version = 1, hash } = JSON.parse(line.payload) as Saved;
      saved.set(policyVersionId ?? roleKey(roleId, version), hash);
    },
    problems: (facts: EvidenceFacts): string[] => [...leftOut(facts, told), ...bent(facts, { saved, digest })],
  };
}

/** Of runs whose facts list them: older bundles do not. */
function leftOut({ runs }: EvidenceFacts, told: readonly Told[]): string[] {
  const problems = told.flatMap(({ run, what, id }) => {
    const listed = runs.find((each) => each.id === run)?.[what];
    if (listed === undefined || listed.some((each) => each.id === id)) return [];
    const version = what === 'policies' ? 'policy version' : 'role version';
    return [`the facts leave out the ${version} ${id} that the log has for the run ${run}`];
  });
  return [...new Set(problems)];
}

type Logged = { saved: ReadonlyMap<string, string>; digest: Digest };

function bent({ policies, roles = [] }: EvidenceFacts, { saved, digest }: Logged): string[] {
  const versions = [
    ...policies.map((each) => ({ ...each, what: 'policy version', logged: saved.get(each.id) })),
    ...roles.map((each) => ({
      ...{ ...each, what: 'role version', logged: saved.get(roleKey(each.roleId, each.version)) },
    })),
  ];
  return versions.flatMap(({ id, what, hash, body, logged }) =>
    logged === undefined || (logged === hash && digest(body) === hash)
      ? []
      : [`the ${what} ${id} of the facts is not what the log says was saved`],
  );
}
