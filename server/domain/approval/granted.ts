import { z } from 'zod';
import { grantAllows } from '../policy/grant.ts';
import { compileGlobs, globProblem } from '../scope/glob.ts';
import { entryGlobs } from '../scope/write-scope.ts';
import { amountInWords } from './request-words.ts';
import type { ApprovalSubject } from './subject.ts';

/** What a person gives of what a run asked for: all of it or less. */
export const granted = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('scope'), ...grantAllows.shape }),
  z.object({ kind: z.literal('budget'), addMicros: z.int().nonnegative(), addSeconds: z.int().nonnegative() }),
]);
export type Granted = z.infer<typeof granted>;

type Scope = Extract<Granted, { kind: 'scope' }>;
type Answer = { granted: Granted | null } | { problem: string };

/** Whether `entry` opens nothing that `asked` does not: the same words, or a plain path that one of them covers. */
function isWithin(entry: string, asked: readonly string[]): boolean {
  if (asked.includes(entry)) return true;
  if (/[*?{]/.test(entry) || globProblem(entry) !== null) return false;
  return compileGlobs(asked.flatMap(entryGlobs))(entry);
}

function beyond(asked: Scope, given: Scope): string[] {
  return [
    ...given.paths.filter((path) => !isWithin(path, asked.paths)),
    ...given.hosts.filter((host) => !asked.hosts.includes(host)),
    ...given.commands.filter((command) => !asked.commands.includes(command)),
    ...(given.tools ?? []).filter((tool) => !asked.tools?.includes(tool)),
  ];
}

type Subject<K> = Extract<ApprovalSubject, { kind: K }>;

function budgetOf(subject: Subject<'budget'>, narrower: Granted | null): Answer {
  const { addMicros, addSeconds } = subject;
  const given = narrower ?? { kind: 'budget', addMicros, addSeconds };
  if (given.kind !== 'budget' || given.addMicros > addMicros || given.addSeconds > addSeconds) {
    return { problem: `Give at most what was asked for (${amountInWords(subject)}), or deny it.` };
  }
  if (given.addMicros + given.addSeconds === 0) return { problem: 'Nothing is left of the request. Deny it instead.' };
  return { granted: given };
}

function isEmpty({ paths, hosts, commands, tools = [] }: Scope): boolean {
  return paths.length + hosts.length + commands.length + tools.length === 0;
}

function scopeOf({ paths, hosts, commands, tools }: Subject<'scope'>, narrower: Granted | null): Answer {
  const asked: Scope = { kind: 'scope', paths, hosts, commands, ...(tools && { tools }) };
  const given = narrower ?? asked;
  if (given.kind !== 'scope' || isEmpty(given)) {
    return { problem: 'Nothing is left of the request. Deny it instead.' };
  }
  const more = beyond(asked, given);
  if (more.length === 0) return { granted: given };
  return {
    problem: `Only what was asked for can be opened, or single files of it. This goes beyond: ${more.join(', ')}.`,
  };
}

/** What is within both. */
function bothGive(one: Scope, other: Scope): Answer {
  const paths = [
    ...one.paths.filter((path) => isWithin(path, other.paths)),
    ...other.paths.filter((path) => isWithin(path, one.paths)),
  ];
  const tools = one.tools?.filter((tool) => other.tools?.includes(tool));
  const given: Scope = {
    kind: 'scope',
    paths: [...new Set(paths)],
    hosts: one.hosts.filter((host) => other.hosts.includes(host)),
    commands: one.commands.filter((command) => other.commands.includes(command)),
    ...(tools && { tools }),
  };
  if (!isEmpty(given)) return { granted: given };
  return { problem: 'Nothing of this was opened by the one who decided before. Deny it instead.' };
}

/**
 * What an approval of `subject` gives, where it gives anything: `narrower` or, when null, all that was asked. An answer may
 * narrow the request and never go beyond it.
 */
export function grantedOf(
  subject: ApprovalSubject,
  narrower: Granted | null,
  /** What another who decides on it gave already: both have to want it. */
  before: Granted | null = null,
): Answer {
  if (subject.kind === 'scope') {
    const answer = scopeOf(subject, narrower);
    return 'problem' in answer || before?.kind !== 'scope' ? answer : bothGive(before, answer.granted as Scope);
  }
  if (subject.kind === 'budget') {
    const { addMicros, addSeconds } = before?.kind === 'budget' ? before : subject;
    return budgetOf({ ...subject, addMicros, addSeconds }, narrower);
  }
  return narrower === null ? { granted: null } : { problem: 'There is nothing to narrow in this approval.' };
}
