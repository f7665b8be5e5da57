import type { Database, OrgDb } from '../../db/connect.ts';
import { codeOwnersPlaces, ownerKey, readCodeOwners } from '../../domain/approval/code-owners.ts';
import { strictestOf, type DecidedBy } from '../../domain/approval/decided-by.ts';
import { readModelName } from '../../domain/mcp/mcp-server.ts';
import type { Action } from '../../domain/policy/action.ts';
import { decide, type PolicyContext } from '../../domain/policy/decide.ts';
import type { GrantAllows } from '../../domain/policy/grant.ts';
import type { KnownTools } from '../../domain/policy/recorded-action.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import { compileGlobs } from '../../domain/scope/glob.ts';
import { entryGlobs } from '../../domain/scope/write-scope.ts';
import type { AskedBefore } from './asked-before.ts';

/** Files of a pattern that are looked at one by one. */
const mostFiles = 5_000;

type Ports = { database: Database; codeHost: Pick<CodeHost, 'fileAt' | 'listFiles'> };
type Of = {
  orgId: string;
  /** `base`: what no run of the task has written; who owns the code is read there. */
  at: { mirror: string; commit: string; base: string };
  context: PolicyContext;
  known: KnownTools;
  askedBefore: readonly AskedBefore[];
};

/**
 * Whom the rules want to answer a request for scope: the strictest over what it names and over what was refused with a
 * question before. A file is judged as it would be written without knowing what with.
 */
export async function whoAnswers(ports: Ports, of: Of, request: GrantAllows): Promise<DecidedBy> {
  const written = await pathsOf(ports, of, request.paths);
  const actions: Action[] = [
    ...written.map((path): Action => ({ kind: 'file_write', path })),
    ...request.hosts.map((host): Action => ({ kind: 'fetch', url: `https://${host.replace(/^\*\./u, 'any.')}/` })),
    ...request.commands.map((command): Action => ({ kind: 'shell', command })),
    ...(request.tools ?? []).flatMap((name) => calling(name, of.known)),
  ];
  const judged = actions.map((action) => ({ action, verdict: decide(of.context, action) }));
  const all = [...judged, ...of.askedBefore];
  const said = strictestOf(all.map(({ verdict }) => verdict));
  if (said.who !== 'owner') return { ...said, owners: [] };
  const owned = all.flatMap(({ action, verdict }) =>
    isOwners(verdict) && action.kind === 'file_write' ? [action.path] : [],
  );
  const owners = await ownersOf(ports, of, owned);
  return owners.length > 0 ? { ...said, owners } : { ...said, who: 'lead', owners: [] };
}

const isOwners = ({ verdict, who }: Verdict) => verdict === 'ask' && who === 'owner';

function calling(name: string, known: KnownTools): Action[] {
  const tool = readModelName(name);
  return tool ? [{ kind: 'mcp_call', ...tool, effect: known.get(name) ?? 'destroys', changed: false }] : [];
}

/** The paths themselves, each file that is there already, and one name that is not. */
async function pathsOf({ codeHost }: Ports, { at }: Of, entries: readonly string[]): Promise<string[]> {
  if (entries.length === 0) return [];
  const matches = compileGlobs(entries.flatMap(entryGlobs));
  const files = (await codeHost.listFiles({ mirror: at.mirror, commit: at.commit }))
    .filter((path) => matches(path))
    .slice(0, mostFiles);
  const named = entries.map((entry) =>
    entry.replaceAll('**', 'any').replaceAll(/[*?]/gu, 'x').replaceAll(/[{}]/gu, ''),
  );
  return [...new Set([...named, ...files])];
}

/** Members who own all of these paths. */
async function ownersOf({ database, codeHost }: Ports, { orgId, at }: Of, paths: readonly string[]): Promise<string[]> {
  for (const path of codeOwnersPlaces) {
    const bytes = await codeHost.fileAt({ mirror: at.mirror, commit: at.base, path });
    if (bytes === null) continue;
    const ownersAt = readCodeOwners(Buffer.from(bytes).toString('utf8'));
    const members = await membersByName({ system: database.system, db: database.org(orgId) }, orgId);
    const sets = paths.map((each) => new Set(ownersAt(each).flatMap((owner) => members(owner))));
    return [...(sets[0] ?? [])].filter((userId) => sets.every((set) => set.has(userId)));
  }
  return [];
}

async function membersByName({ system, db }: { system: Database['system']; db: OrgDb }, orgId: string) {
  const rows = await db.member.findMany({ where: { orgId }, include: { teams: { include: { team: true } } } });
  const users = await system.user.findMany({ where: { id: { in: rows.map(({ userId }) => userId) } } });
  const emailOf = new Map(users.map(({ id, email }) => [id, email.toLowerCase()]));
  return (owner: string): string[] => {
    const key = ownerKey(owner);
    if (key === null) return [];
    const isMeant = ({ userId, teams }: (typeof rows)[number]) =>
      'email' in key
        ? emailOf.get(userId) === key.email
        : teams.some(({ team }) => team.name.toLowerCase() === key.team);
    return rows.filter(isMeant).map(({ userId }) => userId);
  };
}
