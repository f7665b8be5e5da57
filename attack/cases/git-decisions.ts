import { intentsOf } from '../../server/agent/intents.ts';
import { bindTools } from '../../server/agent/tools/toolbox.ts';
import { mirror, put } from '../../server/adapters/code-host/git-rig.ts';
import type { Action } from '../../server/domain/policy/action.ts';
import { decide } from '../../server/domain/policy/decide.ts';
import { balanced, runPolicy } from '../../server/domain/policy/run-policy.ts';
import { starterRoles } from '../../server/domain/roles/starter-roles.ts';
import type { Case } from '../case.ts';
import { newCommit, type GitPlace } from '../places/git-place.ts';

const { body: developer } = starterRoles.find(({ name }) => name === 'developer')!;
const policy = runPolicy({ layers: [balanced], scope: { role: developer.write, taskScope: ['**'] } });
const context = { policy, grants: [], held: [] };

/** Asks for a file to be written as a tool call, then writes it by other means and has the host build the commit. */
async function write(place: GitPlace, path: string): Promise<string> {
  const { host, tree, base, record } = place;
  const tools = bindTools({ names: developer.tools } as unknown as Parameters<typeof bindTools>[0]);
  const call = { callId: 'c1', tool: 'create', input: { path, content: 'x\n' }, verdict: null };
  const decided = (action: Action) => decide(context, action);
  const ports = { tools, rules: { decide: decided, renew: async () => [] } };
  const events = await intentsOf({ transcript: { turn: 1, calls: [call] }, ports } as never);
  record(events);
  put(tree, { [path]: 'x\n', 'a.txt': 'two\n' });
  const changed = await host.changedPaths({ mirror, tree, commit: base });
  const paths = changed
    .map((each) => each.path)
    .filter((each) => decided({ kind: 'file_write', path: each }).verdict === 'allow');
  const head = await host.commit({ mirror, tree, parent: base, paths, ...newCommit });
  const kept = await host.changedBetween({ mirror, base, head: head ?? base });
  const said = events.map(({ payload }) => (payload as { verdict: { verdict: string } }).verdict.verdict);
  return `${said.join(' ')}; committed ${kept.map((each) => each.path).join(' ')}`;
}

type DecisionCase = { id: string; tries: string; path: string; rule: string; near: string };

const decisionCase = ({ id, tries, path, rule, near }: DecisionCase): Case<GitPlace> => ({
  id,
  tries,
  attack: (place) => write(place, path),
  answer: /^deny; committed a\.txt$/u,
  denial: rule,
  twin: {
    does: `write ${near}`,
    run: (place) => write(place, near),
    answer: /^allow; committed (?=.*a\.txt).*\w+\/|^allow; committed (?=.*a\.txt).* /u,
  },
});

/** What a role may write decides twice: before a tool writes, and when the host builds the commit. */
export const gitDecisionCases: Case<GitPlace>[] = [
  decisionCase({
    id: 'workflow-files',
    tries: 'change what the code host runs',
    path: '.github/workflows/ci.yml',
    rule: 'role-write-scope',
    near: 'github/workflows.md',
  }),
  decisionCase({
    id: 'git-internals',
    tries: 'write git’s own files under another spelling',
    path: 'sub/.Git/config',
    rule: 'f1-git-internals',
    near: 'sub/git/config',
  }),
  decisionCase({
    id: 'attributes-file',
    tries: 'change how the repository’s files are read',
    path: 'sub/.gitattributes',
    rule: 'role-write-scope',
    near: 'sub/gitattributes.txt',
  }),
];
