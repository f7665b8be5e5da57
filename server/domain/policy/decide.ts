import { holderOf, untilInWords, type HeldPaths } from '../scope/claims.ts';
import { workPath } from '../scope/work-path.ts';
import type { Action } from './action.ts';
import type { Deed } from './deed.ts';
import { deedsOf, noFacts, type ActionFacts } from './deeds-of.ts';
import { grantFor, type Grant } from './grant.ts';
import { judge, type Policy } from './policy.ts';
import { answersFor, outweighs, stricter, type Verdict } from './verdict.ts';

/** What the decision is taken against. `grants` and `held` are those that hold now. */
export type PolicyContext = {
  policy: Policy;
  /** A policy that holds besides: what it is stricter in counts. */
  also?: Policy | undefined;
  grants: readonly Grant[];
  /** What other tasks of the repository have reserved. */
  held: readonly HeldPaths[];
  facts?: ActionFacts | undefined;
};

const platform = (verdict: 'allow' | 'deny', rule: string, reason: string): Verdict => ({
  verdict,
  rule,
  layer: 'platform',
  reason,
});

const undecided = platform('deny', 'undecided', 'This could not be decided, and what is not decided is not done.');

/** An action that is no deed stays within the conversation or within the sandbox's walls. */
const withinWords: Partial<Record<Action['kind'], string>> = {
  own_output: 'Reading on in an output that this run has made.',
  own_job: 'Reading and stopping what this run has started.',
  claim_paths: 'Reserving paths keeps others out of them and opens nothing.',
  plan: 'A plan is words; it changes nothing.',
  decide: "Deciding on the commit under review is this run's task.",
  delegate: 'A helper has no more rights than the run itself, and a share of its budget.',
  report: 'Answering is always possible.',
  ask_person: 'Asking a person is always possible.',
};

const within = (action: Action) =>
  platform('allow', 'default', withinWords[action.kind] ?? 'It does nothing that a policy could be about.');

/** A reservation of another holds for what this run may write otherwise, whoever opened it. */
function mayWriteNow(path: string, { held }: PolicyContext, verdict: Verdict): Verdict {
  const holder = verdict.verdict === 'allow' ? holderOf(path, held) : null;
  if (!holder) return verdict;
  const reason = `\`${path}\` is reserved by ${holder.by} until ${untilInWords(holder.until)}, so that two tasks do not edit it at once.`;
  return platform('deny', 'c1-held-by-another', reason);
}

/** No name of a tool, branch, model, program or file is longer; what is would be compared with every pattern. */
const longestName = 4_096;
const cut = (text: string) => (text.length > 160 ? `${text.slice(0, 160)}…` : text);

/** What a deed is named by in patterns; '' where by none that could be so long. */
function nameOf(deed: Deed): string {
  if (deed.on === 'command') return deed.words[0] ?? '';
  if (deed.on === 'read' || deed.on === 'write') return deed.path;
  if (deed.on === 'mcp') return deed.tool;
  if (deed.on === 'git') return deed.ref;
  return deed.on === 'model' ? deed.model : '';
}

const tooLong = (name: string) => platform('deny', 'name-too-long', `\`${cut(name)}\` is longer than any name is.`);

/** The action with its path in normal form, or the refusal of a path that is none. */
function normal(action: Action): Action | Verdict {
  if (action.kind !== 'file_write' && action.kind !== 'file_read') return action;
  const path = workPath(action.path);
  if (path === null || (path === '' && action.kind === 'file_write'))
    return platform('deny', 'path-outside-work', `\`${cut(action.path)}\` is not a path inside the repository.`);
  return { ...action, path };
}

/** A grant opens what whoever gave it may answer. */
const answering = (grants: readonly Grant[], { who = 'requester' }: Verdict) =>
  grants.filter(({ answeredBy }) => answeredBy === undefined || answersFor(answeredBy, who));

/** The strictest of what the policies and the grants say of each deed; of equals the first. */
function decideDeeds(context: PolicyContext, action: Action, deeds: readonly Deed[]): Verdict {
  let found: Verdict | null = null;
  for (const deed of deeds) {
    const name = nameOf(deed);
    if (name.length > longestName) return tooLong(name);
    const first = judge(context.policy, deed);
    const bare = context.also ? stricter(first, judge(context.also, deed)) : first;
    const grant = bare.verdict === 'ask' ? grantFor(answering(context.grants, bare), action, deed) : null;
    const verdict = grant ? granted(grant, bare) : bare;
    if (found === null || outweighs(verdict, found) || speaksBefore(verdict, found)) found = verdict;
  }
  return found ?? within(action);
}

/** Of permissions the one that tells more is named: a grant, then a rule, then nothing but the default. */
const speaksBefore = (one: Verdict, other: Verdict) =>
  one.verdict === 'allow' && other.verdict === 'allow' && one.rule === 'grant' && other.rule !== 'grant';

function decideOn(context: PolicyContext, action: Action): Verdict {
  const named = normal(action);
  if ('verdict' in named) return named;
  const verdict = decideDeeds(context, named, deedsOf(named, context.facts ?? noFacts));
  return named.kind === 'file_write' ? mayWriteNow(named.path, context, verdict) : verdict;
}

/**
 * The verdict over one action of one run, with the rule that spoke. Pure: the same question has the same answer. A grant
 * turns ask into allow and never touches deny. What cannot be decided is refused.
 */
export function decide(context: PolicyContext, action: Action): Verdict {
  try {
    return decideOn(context, action);
  } catch {
    return undecided;
  }
}

/** What each of these policies says of one action, which is read once: without grants and without anybody's reservations. */
export function decideByEach(policies: readonly Policy[], action: Action, facts: ActionFacts): Verdict[] {
  try {
    const named = normal(action);
    if ('verdict' in named) return policies.map(() => named);
    const deeds = deedsOf(named, facts);
    return policies.map((policy) => decideDeeds({ policy, grants: [], held: [] }, named, deeds));
  } catch {
    return policies.map(() => undecided);
  }
}

function granted({ approvalId }: Grant, { reason: without }: Verdict): Verdict {
  const reason = `A person opened this for this run (approval ${approvalId}). Without that: ${without}`;
  return { verdict: 'allow', rule: 'grant', layer: 'task', reason };
}
