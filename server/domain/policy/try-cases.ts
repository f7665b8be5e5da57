import type { Action } from './action.ts';
import { decide } from './decide.ts';
import { noFacts } from './deeds-of.ts';
import { documentLayer, type PolicyDocument } from './document.ts';
import type { PolicyCase } from './policy-case.ts';
import { runPolicy } from './run-policy.ts';
import type { Verdict } from './verdict.ts';

/** A case that came out otherwise than it is written. */
export type FailedCase = { at: number; words: string; verdict: Verdict };

function actionOf({ command, read, write, removes = '', adds = '', get }: PolicyCase): Action {
  if (command !== undefined) return { kind: 'shell', command };
  if (read !== undefined) return { kind: 'file_read', path: read };
  if (write !== undefined)
    return { kind: 'file_write', path: write, edit: { removed: removes, added: adds, whole: removes === '' } };
  return { kind: 'fetch', url: get! };
}

function caseInWords({ command, read, write, get }: PolicyCase): string {
  if (command !== undefined) return `command: ${command}`;
  if (read !== undefined) return `read: ${read}`;
  return write === undefined ? `get: ${get}` : `write: ${write}`;
}

/**
 * Tries the cases of a policy, for a role and a task that may write everything: what is tried is the policy. With `org` it is
 * a repo's, under that one.
 */
export function tryCases(policy: PolicyDocument, org?: PolicyDocument): FailedCase[] {
  const layers = org ? [documentLayer('org', org), documentLayer('repo', policy)] : [documentLayer('org', policy)];
  const scope = { role: { include: ['**'], exclude: [] }, taskScope: ['**'] };
  const context = { policy: runPolicy({ layers, scope }), grants: [], held: [], facts: noFacts };
  return policy.cases.flatMap((each, at) => {
    const verdict = decide(context, actionOf(each));
    return verdict.verdict === each.is ? [] : [{ at, words: `${caseInWords(each)} should be ${each.is}`, verdict }];
  });
}
