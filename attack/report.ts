import { isRed, type Verdict } from './case.ts';

export type GroupReport = { group: string; verdicts: Verdict[] };

const out = (line: string) => process.stdout.write(`${line}\n`);

const oneLine = (text: string) => JSON.stringify(text.length > 400 ? `${text.slice(0, 400)}…` : text);

/** One line a group, and what went wrong in full. */
export function printReport(reports: GroupReport[]): void {
  for (const { group, verdicts } of reports) {
    for (const verdict of verdicts.filter(isRed)) printRed(group, verdict);
  }
  out(`\n${'group'.padEnd(12)}attempts   escapes   wrong answers   unaudited denials   twins passed`);
  for (const { group, verdicts } of reports) out(summaryLine(group, verdicts));
}

function printRed(group: string, verdict: Verdict): void {
  const { id, tries, escapes, answered, said, audited, twinPassed, twinSaid } = verdict;
  out(`\n${escapes.length > 0 ? '✗ ESCAPE' : '✗'} ${group} ${id}: ${tries}`);
  for (const escape of escapes) out(`    ${escape}`);
  if (!answered) out(`    unexpected answer: ${oneLine(said)}`);
  if (audited === false) out('    not exactly one denial event names the rule');
  if (!twinPassed) out(`    the legitimate twin did not pass: ${oneLine(twinSaid)}`);
}

function summaryLine(group: string, verdicts: Verdict[]): string {
  const { escapes, wrong, unaudited, decided, twins } = countsOf(verdicts);
  return [
    group.padEnd(12),
    String(verdicts.length).padStart(8),
    String(escapes).padStart(10),
    String(wrong).padStart(16),
    (decided === 0 ? '–' : `${unaudited} of ${decided}`).padStart(20),
    `${twins} of ${verdicts.length}`.padStart(15),
  ].join('');
}

export function countsOf(verdicts: Verdict[]) {
  const count = (test: (verdict: Verdict) => boolean) => verdicts.filter(test).length;
  return {
    attempts: verdicts.length,
    escapes: count(({ escapes }) => escapes.length > 0),
    wrong: count(({ answered }) => !answered),
    decided: count(({ audited }) => audited !== null),
    unaudited: count(({ audited }) => audited === false),
    twins: count(({ twinPassed }) => twinPassed),
    red: count(isRed),
  };
}
