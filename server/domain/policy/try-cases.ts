import { noneAdded, ownClassNames, type OwnClasses } from '../scope/own-classes.ts';
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

function caseInWords(each: PolicyCase): string {
  const { command, read, write, get } = each;
  const within = each.in === undefined ? '' : ` in ${each.in}`;
  if (command !== undefined) return `command: ${command}`;
  if (read !== undefined) return `read: ${read}${within}`;
  return write === undefined ? `get: ${get}` : `write: ${write}${within}`;
}

/** `org`: the policy is a repo's, under that one. `classes`: what the people of that repo have added to classes of paths. */
type Under = { org?: PolicyDocument; classes?: OwnClasses | null };

/**
 * Tries the cases of a policy, for a role and a task that may write everything: what is tried is the policy. Rules mean by a class
 * what they mean in the repo, and a case may say besides that its file is in one.
 */
export function tryCases(policy: PolicyDocument, { org, classes = null }: Under = {}): FailedCase[] {
  const layers = org ? [documentLayer('org', org), documentLayer('repo', policy)] : [documentLayer('org', policy)];
  const scope = { role: { include: ['**'], exclude: [] }, taskScope: ['**'] };
  const contextOf = (own: OwnClasses | null) => {
    return { policy: runPolicy({ layers, scope, classes: own }), grants: [], held: [], facts: noFacts };
  };
  const plain = contextOf(classes);
  // One context for all cases of a class: that the file of one is in it says nothing untrue of another's.
  const within = new Map(
    ownClassNames.map((name) => {
      const files = policy.cases.filter((each) => each.in === name).flatMap(({ read, write }) => read ?? write ?? []);
      const added = classes ?? noneAdded;
      return [name, files.length === 0 ? plain : contextOf({ ...added, [name]: [...added[name], ...files] })] as const;
    }),
  );
  return policy.cases.flatMap((each, at) => {
    const context = each.in === undefined ? plain : (within.get(each.in) ?? plain);
    const verdict = decide(context, actionOf(each));
    return verdict.verdict === each.is ? [] : [{ at, words: `${caseInWords(each)} should be ${each.is}`, verdict }];
  });
}
