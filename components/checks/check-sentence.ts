import type { CheckEvidence } from '../../server/domain/checks/evidence.ts';
import { plural } from '../ui/format.ts';

type Tests = NonNullable<CheckEvidence['tests']>;

function counted(tests: Tests): string {
  const parts = [`${plural(tests.passed, 'test')} passed`];
  if (tests.failed > 0) parts.push(`${tests.failed} failed`);
  if (tests.skipped > 0) parts.push(`${tests.skipped} skipped`);
  return parts.join(', ');
}

/** The result in one line: `16 tests passed; 7 on the base`. */
export function checkSentence({ tests, baseline, exitCode }: CheckEvidence): string {
  if (!tests) {
    if (exitCode !== 0) return 'The test command failed';
    return baseline
      ? 'The test command succeeded, but its tests can no longer be read; they could be on the base'
      : 'The test command succeeded; its output could not be read case by case';
  }
  return baseline ? `${counted(tests)}; ${plural(baseline.passed, 'test')} passed on the base` : counted(tests);
}
