import { isInClass } from '../scope/path-classes.ts';
import { mayWrite, type WriteScope } from '../scope/write-scope.ts';
import { workPath } from '../scope/work-path.ts';
import type { Action } from './action.ts';
import { grantFor, type Grant } from './grant.ts';
import type { Verdict } from './verdict.ts';

/** What the decision is taken against. `scope` is fixed for a run; `grants` are those that hold now. */
export type PolicyContext = { scope: WriteScope; grants: readonly Grant[] };

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
  if (!grant) return verdict;
  const reason = `A person opened this for this run (approval ${grant.approvalId}). Without that: ${verdict.reason}`;
  return { verdict: 'allow', rule: 'grant', layer: 'task', reason };
}
