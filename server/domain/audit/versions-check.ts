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
 * the document that was saved, where the log has that. Excerpts of older bundles do not have it. And holds the facts to themselves: what a
 * run's part says of a version is what the version's own entry says, of which there is one.
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
    problems: (facts: EvidenceFacts): string[] => [
      ...leftOut(facts, told),
      ...unlike(facts),
      ...twice(facts),
      ...bent(facts, { saved, digest }),
    ],
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

type Listed = { id: string; version: number; hash: string };

/** What is said of versions in the parts of runs and is not what their own entries say. Bundles from before roles had entries have none. */
function unlike({ runs, policies, roles }: EvidenceFacts): string[] {
  const listed = (what: string, entries: readonly Listed[], each: readonly Listed[]) =>
    each.flatMap(({ id, version, hash }) => {
      const entry = entries.find((one) => one.id === id);
      if (entry === undefined) return [`the facts say nothing of the ${what} ${id} that a run of them had`];
      return entry.version === version && entry.hash === hash
        ? []
        : [`the ${what} ${id} is another in the run than in the facts`];
    });
  const problems = runs.flatMap((run) => {
    const ofRoles = run.roles ?? [];
    const own = roles === undefined ? ofRoles : [run.role, ...ofRoles];
    return [
      ...listed('policy version', policies, [run.policy, ...(run.policies ?? [])]),
      ...listed('role version', roles ?? [], own),
      ...otherRoles(run, roles ?? []),
    ];
  });
  return [...new Set(problems)];
}

type Entries = NonNullable<EvidenceFacts['roles']>;

/** A run has one role: what is listed as a version of it is one of that. */
function otherRoles({ id: run, role, roles = [] }: EvidenceFacts['runs'][number], entries: Entries): string[] {
  const roleOf = (id: string) => entries.find((entry) => entry.id === id)?.roleId;
  const own = roleOf(role.id);
  const others = roles.filter(({ id }) => roleOf(id) !== undefined && roleOf(id) !== own);
  return others.map(({ id }) => `the role version ${id} is not one of the role of the run ${run}`);
}

/** A second entry would be the one that nothing is held to. */
function twice({ policies, roles = [] }: EvidenceFacts): string[] {
  const again = (what: string, keys: readonly string[]) => {
    const doubled = keys.filter((key, at) => keys.indexOf(key) !== at);
    return [...new Set(doubled)].map((key) => `the facts have the ${what} ${key} twice`);
  };
  const policyNumber = ({ layer, target, version }: EvidenceFacts['policies'][number]) =>
    `${layer} ${target} ${version}`;
  return [
    ...again(
      'policy version',
      policies.map(({ id }) => id),
    ),
    ...again('policy version', policies.map(policyNumber)),
    ...again(
      'role version',
      roles.map(({ id }) => id),
    ),
    ...again(
      'role version',
      roles.map(({ roleId, version }) => roleKey(roleId, version)),
    ),
  ];
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
