import { isCompared } from '../../domain/checks/compare-tests.ts';
import type { CheckEvidence } from '../../domain/checks/evidence.ts';
import type { BuildHandoff } from '../../domain/roles/role-body.ts';
import type { ClaimProof } from '../../domain/runs/prove-claims.ts';
import { fenced } from '../../domain/transcript/fenced.ts';
import { list, quotedLines, section } from '../text/sections.ts';
import { headOf } from '../text/truncate.ts';
import type { ReviewMaterial } from './brief.ts';
import { mostDiffBytes, quotedFindings, quotedTests } from './rework-text.ts';

const onBaseWords = {
  failed: 'that fail on the base, as they should',
  passed: 'that pass on the base too: they say nothing about this change',
  not_run: 'that were not run on the base',
};

const endedWords = { ok: 'went well', failed: 'failed' };

/** New tests, those of one kind together: what was measured stands outside the quote, the names inside. */
function newTestsText({ newTests }: CheckEvidence): string[] {
  if (newTests.length === 0) return ['The change brings no new tests that could be told apart.'];
  const groups = Map.groupBy(newTests, ({ onHead, onBase }) => `${onHead} here, ${onBaseWords[onBase]}`);
  return [...groups].map(([measured, tests]) => {
    const names = tests.map(({ name }) => name);
    return `New tests, ${measured}: ${names.length}.\n${quotedTests(names, 'new tests')}`;
  });
}

function comparedText(evidence: CheckEvidence): string[] {
  const { removedTests, newlySkippedTests } = evidence;
  if (!isCompared(evidence)) {
    return [
      'New, removed and skipped tests could not be counted: the tests of the base or of this commit cannot be told apart. ' +
        'See for yourself in the diff that no test was removed, skipped or made to prove nothing.',
    ];
  }
  const named = (what: string, names: string[]) =>
    names.length > 0 ? [`${what}: ${names.length}.\n${quotedTests(names, what.toLowerCase())}`] : [];
  return [
    ...newTestsText(evidence),
    ...named('Removed tests', removedTests),
    ...named('Newly skipped tests', newlySkippedTests),
  ];
}

function evidenceText(evidence: CheckEvidence): string {
  const { command, exitCode, tests, failing, flakyTests = [] } = evidence;
  const counts = tests
    ? `${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped`
    : 'could not be counted';
  return [
    `The tests ran in a clean sandbox on exactly this commit: exit code ${exitCode ?? 'none'}; tests: ${counts}.`,
    fenced('their command, as the repository sets it', command),
    ...(failing.length > 0 ? [`Failing: ${failing.length}.\n${quotedTests(failing, 'failing tests')}`] : []),
    ...(flakyTests.length > 0
      ? [
          `Failed at first and passed when run once more: ${flakyTests.length}. Judge whether the change makes them so.\n${quotedTests(flakyTests, 'flaky tests')}`,
        ]
      : []),
    ...comparedText(evidence),
  ].join('\n\n');
}

function handoffText({ summary, decisions, claims, notDone, answers }: BuildHandoff): string {
  return [
    summary,
    ...(decisions.length > 0
      ? [`Decisions:\n${list(decisions.map(({ what, why }) => `${what}, because ${why}`))}`]
      : []),
    ...(claims.length > 0 ? [`Claims:\n${list(claims.map((each) => `${each.statement} (${each.evidence})`))}`] : []),
    ...(answers.length > 0 ? [`Answers:\n${list(answers.map(({ finding, how }) => `${finding}: ${how}`))}`] : []),
    ...(notDone.length > 0 ? [`Not done:\n${list(notDone)}`] : []),
  ].join('\n\n');
}

/** How the calls ended is the platform's word and stands outside the quotes; what is claimed of them is the author's. */
function proofsText(proofs: ClaimProof[]): string {
  const groups = Map.groupBy(proofs, ({ ended }) => endedWords[ended]);
  return [...groups]
    .map(([measured, claims]) => {
      const lines = quotedLines(claims.map(({ statement, evidence }) => `${statement} (${evidence})`));
      return `Claims whose call ${measured} when it was made last: ${claims.length}.\n${fenced('claims, from the author', list(lines))}`;
    })
    .join('\n\n');
}

export function reviewSections(review: ReviewMaterial | null): (string | null)[] {
  if (!review) return [];
  const { base, commit, changed, diff, evidence, handoff, proofs, earlier } = review;
  const cut = Buffer.byteLength(diff, 'utf8') > mostDiffBytes;
  const note = cut
    ? ' The diff is cut here; view the files for the rest, and name in notReviewed what you did not read.'
    : '';
  const paths = quotedLines(changed.map(({ path }) => path));
  const files = list(changed.map(({ status }, index) => `${status} ${paths[index]}`));
  return [
    section(
      'The change under review',
      [
        `Commit ${commit} on base ${base}; the work tree holds it.${note}`,
        fenced('changed paths, from the author', files),
        fenced('diff, from the author', headOf(diff, mostDiffBytes)),
      ].join('\n\n'),
    ),
    section('What the platform measured', evidenceText(evidence)),
    handoff && section("The author's words", fenced('hand-off, from the author', handoffText(handoff))),
    proofs.length > 0 ? section('What its claims point to', proofsText(proofs)) : null,
    earlier.length > 0
      ? section(
          'What you asked for before',
          `${quotedFindings(earlier, 'the review before this one')}\n\nSay of each whether it is met.`,
        )
      : null,
  ];
}
