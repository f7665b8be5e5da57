import { holderOf, untilInWords, type HeldPaths } from '../scope/claims.ts';
import { isInClass } from '../scope/path-classes.ts';
import { mayWrite, type WriteScope } from '../scope/write-scope.ts';
import { workPath } from '../scope/work-path.ts';
import type { Action } from './action.ts';
import { grantFor, type Grant } from './grant.ts';
import type { Verdict } from './verdict.ts';

/** What the decision is taken against. `scope` is fixed for a run; `grants` are those that hold now. */
export type PolicyContext = {
  scope: WriteScope;
  grants: readonly Grant[];
  /** What other tasks of the repository have reserved. */
  held: readonly HeldPaths[];
};

/** A reservation of another holds for what this run may write otherwise, whoever opened it. */
function mayWriteNow(written: string, { held }: PolicyContext, verdict: Verdict): Verdict {
  const path = workPath(written);
  const holder = verdict.verdict === 'allow' && path !== null ? holderOf(path, held) : null;
  if (!holder) return verdict;
  const reason = `\`${path}\` is reserved by ${holder.by} until ${untilInWords(holder.until)}, so that two tasks do not edit it at once.`;
  return { verdict: 'deny', rule: 'c1-held-by-another', layer: 'platform', reason };
}

function mayRead(written: string): Verdict {
  const path = workPath(written);
  if (path === null) {
    const reason = `\`${written}\` is not a path inside the repository.`;
    return { verdict: 'deny', rule: 'path-outside-work', layer: 'platform', reason };
  }
  if (isInClass('@secrets', path)) {
    const reason = `\`${path}\` may hold a secret; agents do not read such files.`;
    return { verdict: 'deny', rule: 'r1-secrets-read', layer: 'platform', reason };
  }
  return { verdict: 'allow', rule: 'read-in-work', layer: 'platform', reason: 'Reading inside the repository.' };
}

/** A default speaks where no rule matches; the sandbox, not the command's text, is what confines a shell. */
const byDefault = (reason: string): Verdict => ({ verdict: 'allow', rule: 'default', layer: 'platform', reason });

const deciders: { [K in Action['kind']]: (context: PolicyContext, action: Extract<Action, { kind: K }>) => Verdict } = {
  shell: () =>
    byDefault('Commands run in the sandbox: no network, no host files, writes judged when the commit is made.'),
  file_read: (_context, { path }) => mayRead(path),
  file_write: ({ scope }, { path }) => mayWrite(path, scope),
  own_output: () => byDefault('Reading on in an output that this run has made.'),
  own_job: () => byDefault('Reading and stopping what this run has started.'),
  own_page: () => byDefault('Its browser runs in the sandbox and reaches what that reaches.'),
  fetch: () => byDefault('The proxy decides each request by the network rules and writes it down.'),
  claim_paths: () => byDefault('Reserving paths keeps others out of them and opens nothing.'),
  plan: () => byDefault('A plan is words; it changes nothing.'),
  handoff: () => byDefault('Handing over is always possible.'),
  decide: () => byDefault("Deciding on the commit under review is this run's task."),
  ask_person: () => byDefault('Asking a person is always possible.'),
};

/**
 * The verdict over one action of one run, with the rule that spoke. Pure: the same question has the same answer. A grant
 * turns ask into allow and never touches deny.
 */
export function decide(context: PolicyContext, action: Action): Verdict {
  const decider = deciders[action.kind] as (context: PolicyContext, action: Action) => Verdict;
  const verdict = decider(context, action);
  const grant = verdict.verdict === 'ask' ? grantFor(context.grants, action) : null;
  const given = grant ? granted(grant, verdict) : verdict;
  return action.kind === 'file_write' ? mayWriteNow(action.path, context, given) : given;
}

function granted({ approvalId }: Grant, { reason: without }: Verdict): Verdict {
  const reason = `A person opened this for this run (approval ${approvalId}). Without that: ${without}`;
  return { verdict: 'allow', rule: 'grant', layer: 'task', reason };
}
