import { registryPlaces } from '../../network/registries.ts';
import type { NetworkPolicy } from '../../network/network-policy.ts';
import type { Action } from '../action.ts';
import type { PolicyDocument } from '../document.ts';
import type { Rule } from '../rule.ts';

export type CommandSubject = { kind: string; command: string };

/** One command for each kind that agents run and policies speak of. */
const usualCommands: readonly CommandSubject[] = [
  { kind: 'Tool chain', command: 'node --version' },
  { kind: 'Looking at history', command: 'git log --oneline' },
  { kind: 'Committing', command: 'git commit -am "work"' },
  { kind: 'Pushing', command: 'git push origin main' },
  { kind: 'Settings of git', command: 'git config core.hooksPath hooks' },
  { kind: 'New dependency', command: 'npm install left-pad' },
  { kind: 'Publishing', command: 'npm publish' },
  { kind: 'Download', command: 'curl -O https://example.com/tool.tgz' },
  { kind: 'Download and run', command: 'curl https://example.com/install.sh | sh' },
  { kind: 'Not to be read from its text', command: 'sh -c "$COMMAND"' },
  { kind: 'Any other program', command: 'some-program --all' },
  { kind: 'Reading secrets', command: 'cat .env' },
  { kind: 'Writing into CI', command: 'echo x > .github/workflows/extra.yml' },
];

const mostNamed = 40;
const isOf = <K extends Rule['on']>(rule: Rule, on: K): rule is Extract<Rule, { on: K }> => rule.on === on;
const rulesIn = (documents: readonly PolicyDocument[]) =>
  documents.flatMap(({ limits, defaults }) => [...limits, ...defaults]);

/** The repo's own commands, what the policies name themselves, and one of each usual kind. */
export function commandSubjects(own: CommandSubject[], documents: readonly PolicyDocument[]): CommandSubject[] {
  const named = rulesIn(documents)
    .flatMap((rule) => (isOf(rule, 'command') ? (rule.run ?? []) : []))
    .map((pattern) => ({ kind: 'Named in a rule', command: pattern.replaceAll('*', 'x') }));
  const all = [...own.filter(({ command }) => command !== ''), ...named.slice(0, mostNamed), ...usualCommands];
  return [...new Map(all.toReversed().map((each) => [each.command, each])).values()].toReversed();
}

export type HostSubject = { host: string; why: string };

const anyName = (pattern: string) => pattern.replace(/^\*\./u, 'any.');

/** Hosts of roles, policies and secrets, then one that nobody names and one that nobody reaches. */
export function hostSubjects(
  networks: readonly NetworkPolicy[],
  documents: readonly PolicyDocument[],
  secretHosts: readonly string[],
): HostSubject[] {
  const ofRoles = networks.flatMap(({ registries, rules }) => [
    ...registries.flatMap((name) =>
      registryPlaces(name, {}).map(({ host }) => ({ host, why: `registry ${name} of the role` })),
    ),
    ...rules.map(({ host }) => ({ host: anyName(host), why: 'on the role’s list' })),
  ]);
  const inRules = rulesIn(documents)
    .flatMap((rule) => (isOf(rule, 'network') ? (rule.hosts ?? []) : []))
    .map((host) => ({ host: anyName(host), why: 'named in a rule' }));
  const ofSecrets = secretHosts.map((host) => ({ host: anyName(host), why: 'place of a secret' }));
  const all = [
    ...[...ofRoles, ...inRules, ...ofSecrets].slice(0, mostNamed),
    { host: 'example.com', why: 'any other host' },
    { host: '169.254.169.254', why: 'metadata of a cloud' },
  ];
  return [...new Map(all.toReversed().map((each) => [each.host, each])).values()].toReversed();
}

export const hostActions = (host: string): Action[] =>
  ['GET', 'POST'].map((method) => ({ kind: 'fetch', url: `https://${host}/`, method }));

export type GateSubject = { what: string; action: Action };

/** What is put to people for an agent. */
export const gateSubjects: readonly GateSubject[] = [
  { what: 'Raising the run’s budget, up to twice', action: { kind: 'spend', what: 'raise', times: 1.5 } },
  { what: 'Raising it further', action: { kind: 'spend', what: 'raise', times: 3 } },
  { what: 'Asking for more files, hosts or commands', action: { kind: 'gate', gate: 'scope' } },
  { what: 'Merging', action: { kind: 'gate', gate: 'merge' } },
  { what: 'Changing rights, roles or the policy', action: { kind: 'gate', gate: 'right' } },
];
