import type { CheckEvidence } from '../../server/domain/checks/evidence.ts';
import type { Tone } from '../ui/mark.tsx';

export type NewTest = CheckEvidence['newTests'][number];

/** A new test says something only if it fails without the change and passes with it. */
export function testSays(test: NewTest): { tone: Tone; words: string } {
  if (test.onHead !== 'passed') return { tone: 'bad', words: 'does not pass with the change' };
  if (test.onBase === 'failed') return { tone: 'good', words: 'shows the change' };
  if (test.onBase === 'passed') return { tone: 'doubtful', words: 'says nothing about this change' };
  return { tone: 'doubtful', words: 'not known on the base' };
}

/** How many of the new tests show the change. */
export function tellingTests(tests: readonly NewTest[]): number {
  return tests.filter((test) => testSays(test).tone === 'good').length;
}
