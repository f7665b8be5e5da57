import { mcpToolsNow } from '../../../domain/mcp/run-tools.ts';
import { decideNetwork } from '../../../domain/network/decide-network.ts';
import { changedFiles, countByClass, countByRule, judgeFiles } from '../../../domain/policy/access/files.ts';
import { commandSubjects, gateSubjects, hostActions, hostSubjects } from '../../../domain/policy/access/subjects.ts';
import type { Action } from '../../../domain/policy/action.ts';
import { decide } from '../../../domain/policy/decide.ts';
import { noFacts } from '../../../domain/policy/deeds-of.ts';
import type { CodeHost } from '../../../domain/ports/code-host.ts';
import { writeScopeInWords } from '../../../domain/scope/write-scope.ts';
import { readSecretPlace } from '../../../domain/secrets/network-secret.ts';
import { readSetup } from '../../../domain/setup/repo-setup.ts';
import type { AccessRow, AccessSide, AccessVerdict, AccessView, SecretRow } from '../../../domain/views/access-view.ts';
import { readRoleServers } from '../../mcp/read-role-servers.ts';
import { listFiles } from '../../repos/list-files.ts';
import { listSecrets } from '../../secrets/list-secrets.ts';
import type { ViewQuery } from '../../views/view-query.ts';
import { openSide, readPlace, type OpenSide, type Place, type SideQuery } from './open-side.ts';
import { readMoney } from './read-money.ts';
import { verdictView } from './version-numbers.ts';

const mostChanged = 100;

type Reader = ViewQuery & { codeHost: Pick<CodeHost, 'sync' | 'listFiles'> };
type Ask = { repoId: string; taskId: string | null; sides: SideQuery[] };

/**
 * What an agent of a role could do in a repo now, file by file and command by command, by the code that decides on its
 * calls; with two sides, where they differ. Throws `not_found`.
 */
export async function getAccess(query: Reader, { sides: asked, ...at }: Ask): Promise<AccessView> {
  const place = await readPlace(query, at);
  const sides: OpenSide[] = [];
  for (const side of asked) sides.push(await openSide(query, place, side));
  const view = await verdictView(query);
  const { paths, total, ...files } = await listFiles(query.codeHost, place.repo);
  const judged = sides.map(({ context }) => judgeFiles(context, paths));
  const money = await readMoney(query, place, sides);
  const changed = judged.length === 2 ? changedFiles(judged[0]!, judged[1]!) : null;
  const shown = (changed ?? []).slice(0, mostChanged).map(({ before, after, ...file }) => ({
    ...file,
    verdicts: [view(before), view(after)],
  }));
  const each = (action: Action): AccessVerdict[] => sides.map(({ context }) => view(decide(context, action)));
  const secrets = await readSecrets(query, place, sides);
  return {
    ...files,
    files: { judged: paths.length, total },
    held: place.held.map(({ globs, by, until }) => ({ globs: [...globs], by, until })),
    sides: sides.map((side, n) => ({ ...sideView(side), ...money[n]!, ...counted(judged[n]!, side) })),
    changed: changed && { total: changed.length, shown },
    commands: commandRows(place, sides, each),
    hosts: hostRows(sides, secrets, each),
    mcp: await mcpRows(query, sides, each),
    gates: gateSubjects.map(({ what, action }) => ({ kind: 'gate', what, verdicts: each(action) })),
    secrets,
  };
}

type Each = (action: Action) => AccessVerdict[];

const counted = (files: ReturnType<typeof judgeFiles>, { classes }: OpenSide) => ({
  classes: countByClass(files, classes),
  byRule: countByRule(files),
});

function sideView({
  role,
  roleVersion,
  body,
  policyVersion,
  run,
}: OpenSide): Omit<AccessSide, 'classes' | 'byRule' | 'money' | 'runLimits'> {
  const { title, tools, write } = body;
  return { role, title, roleVersion, policyVersion, run, writes: writeScopeInWords(write), tools: [...tools] };
}

function commandRows({ repo }: Place, sides: readonly OpenSide[], each: Each): AccessRow[] {
  const { install, build, lint } = readSetup(repo.setup);
  const own = [
    { kind: 'Set-up of the repo', command: install },
    { kind: 'Build of the repo', command: build },
    { kind: 'Lint of the repo', command: lint },
    { kind: 'Tests of the repo', command: repo.testCommand },
  ];
  const documents = sides.flatMap((side) => side.documents);
  return commandSubjects(own, documents).map(({ kind, command }) => {
    return { kind, what: command, verdicts: each({ kind: 'shell', command }) };
  });
}

const networkOf = ({ context: { facts = noFacts } }: OpenSide) => facts.network;

function hostRows(sides: readonly OpenSide[], secrets: readonly SecretRow[], each: Each): AccessView['hosts'] {
  const hosts = secrets.flatMap(({ places }) => places.map((place) => readSecretPlace(place).host));
  const documents = sides.flatMap((side) => side.documents);
  return hostSubjects(sides.map(networkOf), documents, hosts).map(({ host, why }) => {
    const [get, post] = hostActions(host);
    const sandbox = sides.map((side) => reaches(side, { host, port: 443 }));
    return { host, why, get: each(get!), post: each(post!), sandbox };
  });
}

/** Asked of the code that decides in the proxy. */
const reaches = (side: OpenSide, { host, port }: { host: string; port: number }) =>
  decideNetwork(networkOf(side), { host, port, request: { method: 'GET', path: '/' } }).allowed;

async function mcpRows({ db, orgId }: ViewQuery, sides: readonly OpenSide[], each: Each): Promise<AccessRow[]> {
  const names = [...new Set(sides.flatMap(({ body }) => body.servers))];
  const tools = mcpToolsNow(await readRoleServers(db, { orgId, names }));
  return tools.flatMap((open) => {
    if (open.kind !== 'open') return [];
    const { server, tool } = open;
    const call = { server: server.name, tool: tool.name, effect: tool.risk, changed: false };
    return [{ kind: tool.risk, what: `${server.name}/${tool.name}`, verdicts: each({ kind: 'mcp_call', ...call }) }];
  });
}

/** Names and places, never values. */
async function readSecrets(
  { db, orgId }: ViewQuery,
  { repo }: Place,
  sides: readonly OpenSide[],
): Promise<SecretRow[]> {
  const all = await listSecrets({ db, orgId });
  return all
    .filter(({ repoId }) => repoId === null || repoId === repo.id)
    .map(({ name, places, inSetUp, inRuns }) => {
      const reached = sides.map((side) =>
        places.filter((place) => {
          const { host, port } = readSecretPlace(place);
          return inRuns && reaches(side, { host: host.replace(/^\*\./u, 'any.'), port });
        }),
      );
      return { name, places, inSetUp, inRuns, reached };
    });
}
