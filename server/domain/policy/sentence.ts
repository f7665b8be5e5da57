import type { Rule, RuleOn } from './rule.ts';
import type { Decider } from './verdict.ts';

const deciderWords: Record<Decider, string> = {
  requester: 'the person who filed the task, or a maintainer',
  lead: 'a maintainer of the repo',
  owner: 'an owner of the code',
  two: 'two people',
};

const listed = (entries: readonly string[], joint = 'or'): string => {
  const quoted = entries.map((entry) => `\`${entry}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} ${joint} ${quoted.at(-1)}`;
};

const part = (entries: readonly string[] | undefined, before: string, after = '') =>
  entries === undefined ? '' : `${before}${listed(entries)}${after}`;

const yes = (value: boolean | undefined, words: [string, string]) => (value === undefined ? '' : words[value ? 0 : 1]);

const traitWords: Record<string, string> = {
  unreadable: 'that cannot be read from their text',
  unread: 'that hold more than is read of any',
  'download-and-run': 'that run what was downloaded',
  'git-config': 'that change git’s settings, hooks, remotes or credentials',
  'repo-command': 'that are the repo’s own',
  'tool-chain': 'of the tool chain',
  downloads: 'that download',
  publishes: 'that publish, or speak in somebody’s name',
};

const placeWords: Record<string, string> = {
  registry: 'an open package registry',
  listed: 'a host on the role’s list',
  private: 'a private address',
  other: 'any other host',
};

const subjects: { [K in Rule['on']]: (rule: RuleOn<K>) => string } = {
  command: ({ run, traits, offline, except }) =>
    `running ${run ? listed(run) : 'commands'}${traits ? ` ${traits.map((trait) => traitWords[trait]).join(' or ')}` : ''}` +
    `${yes(offline, [' without a network', ' with a network'])}${part(except, ', except ')}`,
  read: ({ paths, except }) => `reading ${paths ? listed(paths) : 'files'}${part(except, ', except ')}`,
  write: ({ paths, except, outside, effects, ways }) =>
    `writing ${paths ? listed(paths) : 'files'}${part(outside?.paths, ' outside ')}${part(except, ', except ')}` +
    `${part(effects, ' with the effect ')}${part(ways, ' by ')}`,
  network: ({ hosts, methods, notMethods, places, moreThanBytes, tainted }) =>
    `${methods ? `sending ${methods.join(' or ')}` : notMethods ? `sending anything but ${notMethods.join(' or ')}` : 'sending requests'} to ` +
    `${hosts ? listed(hosts) : (places?.map((place) => placeWords[place]).join(' or ') ?? 'any host')}` +
    `${moreThanBytes === undefined ? '' : ` with more than ${moreThanBytes} bytes`}` +
    yes(tainted, [' after text from outside and private data were read', ' before anything from outside was read']),
  git: ({ acts, refs, own }) =>
    `a git ${acts?.join(' or ') ?? 'change'} of ${refs ? listed(refs) : yes(own, ['the run’s own branch', 'anything but the run’s own branch']) || 'refs'}`,
  mcp: ({ tools, effects, changed }) =>
    `calling ${tools ? listed(tools) : 'MCP tools'}${effects ? ` that ${effects.join(' or ')}` : ''}${yes(changed, [' whose definition changed since it was approved', ''])}`,
  browser: ({ acts }) => `using the sandbox’s browser${acts ? ` to ${listed(acts)}` : ''}`,
  external: ({ what, moreThan, conduct }) =>
    `writing ${what ? listed(what) : 'to people outside the run'}${moreThan === undefined ? '' : ` more than ${moreThan} times in a run`}${part(conduct, ' at conduct ')}`,
  spend: ({ what, moreThanTimes, fromPercent, belowPercent, progress, offHours }) =>
    `${what?.map((each) => (each === 'raise' ? 'raising a budget' : 'starting a run')).join(' or ') ?? 'spending'}` +
    `${moreThanTimes === undefined ? '' : ` to more than ${moreThanTimes} times`}` +
    `${fromPercent === undefined ? '' : ` from ${fromPercent} % of the month on`}${belowPercent === undefined ? '' : ` up to ${belowPercent} %`}` +
    `${yes(progress, [' with fresh progress', ' without fresh progress'])}${yes(offHours, [' outside working hours', ' in working hours'])}`,
  model: ({ models, listed: on }) =>
    `using ${models ? listed(models) : 'a model'}${yes(on, [' on the org’s list', ' that is not on the org’s list'])}`,
  gate: ({ gates, slight, large }) =>
    `opening the gate ${gates ? listed(gates) : ''}${yes(slight, [' for a slight request', ' for more than a slight request'])}${yes(large, [' of a large plan', ' of a small plan'])}`,
  handoff: ({ moreThanLines, moreThanFiles }) =>
    `handing over a change of more than ${[moreThanLines === undefined ? '' : `${moreThanLines} lines`, moreThanFiles === undefined ? '' : `${moreThanFiles} files`].filter(Boolean).join(' or ')}`,
};

/** What a rule matches, as a noun phrase. */
export function subjectInWords(rule: Rule): string {
  return (subjects[rule.on] as (rule: Rule) => string)(rule).trim();
}

/** A rule as a sentence: "writing `@migrations` is put to an owner of the code." */
export function ruleInWords(rule: Rule): string {
  const subject = subjectInWords(rule);
  if (rule.then === 'allow') return `${subject} is allowed.`;
  if (rule.then === 'deny') return `${subject} is refused.`;
  return `${subject} is put to ${deciderWords[rule.who ?? 'requester']}.`;
}
