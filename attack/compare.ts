import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { noNetworkCases } from './cases/no-network.ts';
import { isRed, type Verdict } from './case.ts';
import { onSandbox, sandboxCases } from './groups.ts';
import { countsOf } from './report.ts';
import { ours } from './subjects/ours.ts';
import { sandboxRuntime } from './subjects/sandbox-runtime.ts';
import type { Subject } from './subjects/subject.ts';

const cases = onSandbox([...sandboxCases, ...noNetworkCases]);

/**
 * The cases that any sandbox can be put to and that would not hurt the machine, on Fleet's and on sandbox-runtime's. False
 * where Fleet's did not hold.
 */
export async function compare(root: string, report: (line: string) => void): Promise<boolean> {
  const run = (subject: (dataDir: string) => Subject) =>
    cases({ root: mkdtempSync(join(root, 'c-')), subject, sandbox: {}, git: {}, chosen: ({ perilous }) => !perilous });
  const fleet = await run(ours);
  const other = await run(() => sandboxRuntime(mkdtempSync(join(root, 'srt-'))));
  report(`${'case'.padEnd(26)}${'fleet'.padEnd(16)}${'sandbox-runtime'.padEnd(16)}what got out`);
  for (const [i, mine] of fleet.entries()) {
    const theirs = other[i];
    if (theirs === undefined) continue;
    report(
      `${mine.id.padEnd(26)}${wordFor(mine).padEnd(16)}${wordFor(theirs).padEnd(16)}${theirs.escapes.join('; ').slice(0, 90)}`,
    );
  }
  for (const [name, verdicts] of [
    ['fleet', fleet],
    ['sandbox-runtime', other],
  ] as const) {
    const { attempts, escapes, wrong, twins } = countsOf(verdicts);
    const seconds = (verdicts.reduce((sum, { millis }) => sum + millis, 0) / 1000).toFixed(1);
    report(
      `${name}: ${attempts} attempts, ${escapes} escapes, ${wrong} other answers, ${twins} twins passed, ${seconds} s`,
    );
  }
  report('"other": nothing got out, but the answer was not the one that Fleet’s walls give.');
  return fleet.length > 0 && !fleet.some(isRed);
}

function wordFor({ escapes, answered, twinPassed }: Verdict): string {
  if (escapes.length > 0) return 'ESCAPE';
  if (!answered) return 'other';
  return twinPassed ? 'held' : 'twin stopped';
}
