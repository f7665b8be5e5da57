import type { TestCase } from './evidence.ts';
import { joined, mostCases, mostLine } from './limits.ts';

// Lines come cut to `mostLine` and without white space at their end: nothing in these may go back over it.
const result = /^(\s*)(not )?ok\b(?:\s+\d+)?(?:\s+-)?\s*(.*)$/s;
const directive = /\s#\s*(skip|todo)\b.*$/is;
const subtest = /^(\s*)# Subtest: (.*)$/s;
/** Subtests below this are taken together. */
const mostDepth = 64;

/**
 * Test cases of TAP output (versions 13 and 14, subtests indented by four). A parent that only sums up its subtests is
 * left out. Null when the text is not TAP or holds too many cases. Takes time in proportion to the text.
 */
export function parseTap(text: string): TestCase[] | null {
  const start = afterVersion(text);
  if (start === null) return null;
  const cases: TestCase[] = [];
  /** Names of the subtests around, joined, and how many cases there were when each began. */
  const names: string[] = [];
  const counted: number[] = [];
  for (const line of linesOf(text, start)) {
    const header = subtest.exec(line);
    if (header) {
      const depth = depthOf(header[1]);
      names[depth] = joined(names[depth - 1] ?? '', header[2] ?? '');
      counted[depth] = cases.length;
      continue;
    }
    const found = result.exec(line);
    if (!found) continue;
    const depth = depthOf(found[1]);
    const before = counted[depth];
    const sumsUp = before !== undefined && cases.length > before;
    counted[depth] = cases.length;
    if (sumsUp) continue;
    if (cases.length === mostCases) return null;
    cases.push(testCase(names[depth - 1] ?? '', found));
    counted[depth] = cases.length;
  }
  return cases;
}

function depthOf(indent = ''): number {
  return Math.min(mostDepth, Math.floor(indent.length / 4));
}

function afterVersion(text: string): number | null {
  const found = /^TAP version 1[34][ \t\r]*$/m.exec(text);
  return found && found.index + found[0].length;
}

function* linesOf(text: string, start: number): Generator<string> {
  for (let from = start; from < text.length;) {
    const next = text.indexOf('\n', from);
    const end = next < 0 ? text.length : next;
    if (end - from > 1) yield text.slice(from, Math.min(end, from + mostLine)).trimEnd();
    from = end + 1;
  }
}

function testCase(outer: string, [, , notOk, description = '']: RegExpExecArray): TestCase {
  const skipped = directive.test(` ${description}`);
  const own = ` ${description}`.replace(directive, '').trim();
  const fate = skipped ? 'skipped' : notOk ? 'failed' : 'passed';
  return { name: joined(outer, own), file: null, result: fate };
}
