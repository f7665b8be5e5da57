import { expect, it } from 'vitest';
import { mostCases } from './limits.ts';
import { parseJunit } from './parse-junit.ts';
import { parseTap } from './parse-tap.ts';
import { plainText } from './plain-text.ts';

const size = 8 * 1024 * 1024;
const filled = (part: string) => part.repeat(Math.ceil(size / part.length));
const report = (inside: string) => `<testsuites>${inside}</testsuites>`;
const tap = (inside: string) => `TAP version 13\n${inside}`;
const spaces = filled(' ');
const suites = filled('<testsuite name="s">');

/** What a quadratic reader needs for these is counted in hours; a linear one needs less than a second on an idle machine. */
const bound = 10_000;

it.each([
  ['comments that never end', () => parseJunit(report(filled('<!--')), '/work')],
  ['texts that never end', () => parseJunit(report(filled('<![CDATA[')), '/work')],
  ['values that never end', () => parseJunit(report(filled('<a b=\'<a b="')), '/work')],
  ['tags that never end', () => parseJunit(report(filled('<testcase name="a" ')), '/work')],
  ['one name', () => parseJunit(report(`<${filled('a')}`), '/work')],
  ['a tag of spaces', () => parseJunit(report(`<a${spaces}<a${spaces}`), '/work')],
  ['an attribute of spaces', () => parseJunit(report(`<a b${spaces}<a b=${spaces}`), '/work')],
  ['brackets', () => parseJunit(report(filled('<')), '/work')],
  ['suites in suites', () => parseJunit(report(`${suites}${filled('<testcase/><failure/>')}`), '/work')],
  ['elements in a case', () => parseJunit(report(`<testcase>${filled('<x>')}`), '/work')],
  ['a long suite of many cases', () => parseJunit(report(`<testsuite name="${spaces}">${filled('<testcase/>')}`), '/')],
  ['entities', () => parseJunit(report(`<testcase name="${filled('&amp;')}"/>`), '/work')],
  ['white space at the end', () => parseJunit(report(`</testsuite>${spaces}x`), '/work')],
  ['a line of spaces', () => parseTap(tap(`ok a${spaces}x`))],
  ['lines of spaces', () => parseTap(tap(filled(`ok a${' '.repeat(40_000)}x\n`)))],
  ['spaces alone', () => parseTap(tap(spaces))],
  ['empty lines', () => parseTap(tap(filled('\n')))],
  ['directives', () => parseTap(tap(`ok a ${filled(' # ')}`))],
  ['subtests', () => parseTap(tap(filled(`${' '.repeat(2_000)}# Subtest: ${'n'.repeat(1_000)}\n`)))],
  ['version lines', () => parseTap(filled(`TAP version 13${' '.repeat(1_000)}x\n`))],
  ['returns', () => parseTap(tap(filled('ok \r')))],
  ['escapes', () => plainText(new TextEncoder().encode(filled('\u001b[0')))],
])('%s: read in time that grows with the text', (_name, read) => {
  const from = performance.now();
  read();
  expect(performance.now() - from).toBeLessThan(bound);
});

it('more cases than can be told apart are unknown, not cut', () => {
  const many = mostCases + 1;
  expect(parseTap(tap('ok a\n'.repeat(many)))).toBeNull();
  expect(parseJunit(report('<testcase name="a"/>'.repeat(many)), '/work')).toBeNull();
});

it.each([
  ['< 5 and <b', 1],
  ['<!-- <testcase/> -->', 1],
  ['<![CDATA[<testcase/>]]>', 1],
  ['<failure message="a > b">', 1],
  ['<!-- never ends', null],
  ["<a b='never ends", null],
])('a report with %s in it', (inside, cases) => {
  expect(parseJunit(report(`${inside}<testcase name="a"/>`), '/work')?.length ?? null).toBe(cases);
});
