import { fenced } from '../../domain/transcript/fenced.ts';
import { list, quotedLines, section } from '../text/sections.ts';
import { headOf, tailOf } from '../text/truncate.ts';
import type { KnownFinding, Rework } from './brief.ts';

export const mostDiffBytes = 120 * 1024;
const mostOutputBytes = 6 * 1024;
const mostNames = 50;

const indented = (text: string) => text.replace(/\s*\n\s*/g, '\n    ');

function findingLine({ id, severity, path, line, statement, evidence, suggestion }: KnownFinding): string {
  return [
    `Finding ${id} (${severity}), ${indented(path)}:${line}: ${indented(statement)}`,
    `  Evidence: ${indented(evidence)}`,
    ...(suggestion === '' ? [] : [`  Suggestion: ${indented(suggestion)}`]),
  ].join('\n');
}

/** Findings as their reviewer wrote them. */
export function quotedFindings(findings: readonly KnownFinding[], from: string): string {
  return fenced(`what to change, from ${from}`, findings.map(findingLine).join('\n\n'));
}

/** Names of tests are the words of whoever wrote the test, whatever the platform measured on them. */
export function quotedTests(names: readonly string[], what: string): string {
  const more = names.length - mostNames;
  const note = more > 0 ? `\nand ${more} more.` : '';
  return `${fenced(`${what}, as the tests of the repository name themselves`, list(quotedLines(names.slice(0, mostNames))))}${note}`;
}

const failingPart = (failing: readonly string[]) => (failing.length > 0 ? [quotedTests(failing, 'failing tests')] : []);
const outputPart = (text: string) =>
  fenced('the end of the test output, from the code under test', tailOf(text, mostOutputBytes));

const texts: { [R in Rework['reason']]: (rework: Extract<Rework, { reason: R }>) => string[] } = {
  changes_requested: ({ summary, findings }) => [
    'The reviewer asks for changes to your commit, which the work tree holds.',
    fenced('summary, from the reviewer', summary),
    ...(findings.length > 0 ? [quotedFindings(findings, 'the reviewer')] : []),
    'Meet each of them, or say why it is wrong, and answer each by its id in handoff.',
  ],
  check_failed: ({ failing, outputTail }) => [
    'The platform ran the tests on your commit in a clean sandbox and they do not pass. The work tree holds that commit.',
    ...failingPart(failing),
    outputPart(outputTail),
  ],
  merge_tests_failed: ({ failing, outputTail }) => [
    'The tests pass on your commit, but not on its merge with the default branch as it stands now. The work tree holds ' +
      'your commit alone, so they may well pass there: find out what the change assumes that no longer holds.',
    ...failingPart(failing),
    outputPart(outputTail),
  ],
  merge_denied: () => [
    'Your change was checked and reviewed, and then a person did not let it be merged. The work tree holds your commit. Do ' +
      'what the person says, and hand off again.',
  ],
  merge_conflict: ({ paths, diff }) => [
    'The default branch has moved and your change conflicts with it. The work tree holds the newest default branch; of your ' +
      'change it holds the files that nobody else touched. Bring the rest onto it.',
    fenced('conflicting paths, from the repository', list(quotedLines(paths))),
    fenced('your change as it was', headOf(diff, mostDiffBytes)),
  ],
  fresh: () => [],
  again: ({ detail }) => [fenced('how it ended before, as the platform noted it', detail)],
};

export function reworkSection(rework: Rework | null): string | null {
  if (!rework) return null;
  const parts = (texts[rework.reason] as (rework: Rework) => string[])(rework);
  const { note = null } = rework;
  const did = rework.reason === 'merge_denied' ? 'sent it back' : 'decided to go on';
  const said = note === null ? [] : note === '' ? [`A person ${did}.`] : [`A person ${did} and says: ${note}`];
  return section('Why this comes back to you', [...said, ...parts, ...earlierPart(rework)].join('\n\n'));
}

function earlierPart({ earlier = null }: Rework): string[] {
  if (earlier === null) return [];
  const advice =
    'Another try at this went in circles and was stopped. You start afresh, without its conversation and without its changes. ' +
    'Find another way than the one that led it there.';
  return [advice, fenced('what that try did, from its log', headOf(earlier, mostOutputBytes))];
}
