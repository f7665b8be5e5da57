import type { TestCase } from './evidence.ts';
import { joined, mostCases, mostLine } from './limits.ts';

const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const opening = /<(\/?)([A-Za-z_][\w:.-]*)/y;
const attribute = /\s+([\w:.-]+)\s*=\s*(["'])/y;
const closing = /\s*(\/?)>/y;
const mostDepth = 1_000;
/** What is no element, and what ends it. */
const others = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
] as const;

type Attributes = { name?: string; classname?: string; file?: string };
type Element = { name: string; closes: boolean; empty: boolean; attributes: Attributes };
/** What an element inherits: the suites around it, and the case that it says something about. */
type Frame = { suites: string; byClass: boolean; case: TestCase | null };

const outside: Frame = { suites: '', byClass: false, case: null };

/**
 * Test cases of a JUnit report as node:test and pytest write it, outer suites in front of the name. `root` is the folder
 * that file names are made relative to. Null when the text is no finished report or holds too many cases. Takes time in
 * proportion to the text, whatever is in it: the tested code may have written it.
 */
export function parseJunit(xml: string, root: string): TestCase[] | null {
  if (!isFinished(xml)) return null;
  const cases: TestCase[] = [];
  const stack: Frame[] = [];
  for (const element of elementsOf(xml)) {
    if (element === null) return null;
    if (element.closes) {
      stack.pop();
      continue;
    }
    const frame = open(stack.at(-1) ?? outside, element, root);
    if (element.name === 'testcase' && frame.case) cases.push(frame.case);
    if (!element.empty) stack.push(frame);
    if (cases.length > mostCases || stack.length > mostDepth) return null;
  }
  return cases;
}

function isFinished(xml: string): boolean {
  const end = xml.trimEnd();
  return /<testsuites?\b/.test(xml) && (end.endsWith('</testsuites>') || end.endsWith('</testsuite>'));
}

/** The elements in order; null where something begins that never ends. Never looks at a place twice. */
function* elementsOf(xml: string): Generator<Element | null> {
  let at = xml.indexOf('<');
  while (at >= 0) {
    const other = xml[at + 1] === '!' ? others.find(([begin]) => xml.startsWith(begin, at)) : undefined;
    if (other) {
      const end = xml.indexOf(other[1], at + other[0].length);
      if (end < 0) return yield null;
      at = xml.indexOf('<', end);
      continue;
    }
    const { element, end } = elementAt(xml, at);
    if (end < 0) return yield null;
    if (element) yield element;
    at = xml.indexOf('<', Math.max(end, at + 1));
  }
}

/** The element that begins there, if one does, and where reading stopped: -1 when a value has no end. */
function elementAt(xml: string, at: number): { element: Element | null; end: number } {
  const start = matchAt(opening, xml, at);
  if (!start) return { element: null, end: at };
  const [, slash, name = ''] = start;
  const attributes: Attributes = {};
  let end = opening.lastIndex;
  for (let found = matchAt(attribute, xml, end); found; found = matchAt(attribute, xml, end)) {
    const [, key = '', quote = ''] = found;
    const from = attribute.lastIndex;
    const until = xml.indexOf(quote, from);
    if (until < 0) return { element: null, end: -1 };
    if (key === 'name' || key === 'classname' || key === 'file')
      attributes[key] = unescape(xml.slice(from, Math.min(until, from + mostLine)));
    end = until + 1;
  }
  const last = matchAt(closing, xml, end);
  if (!last) return { element: null, end };
  return { element: { name, closes: slash !== '', empty: last[1] !== '', attributes }, end: closing.lastIndex };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function open(around: Frame, { name: element, attributes }: Element, root: string): Frame {
  const { name = '', classname = '', file } = attributes;
  if (element === 'testsuite') {
    // pytest names its one suite "pytest" and tells cases apart by class.
    const byClass = around.byClass || (around.suites === '' && name === 'pytest');
    return { ...around, byClass, suites: joined(around.suites, name) };
  }
  if (element === 'testcase') {
    const full = joined(around.byClass ? classname : around.suites, name);
    return { ...around, case: { name: full, file: relative(file, root), result: 'passed' } };
  }
  if (around.case) mark(around.case, element);
  return around;
}

function mark(test: TestCase, element: string): void {
  if (element === 'skipped') test.result = 'skipped';
  else if ((element === 'failure' || element === 'error') && test.result !== 'skipped') test.result = 'failed';
}

// Twice: node:test escapes quotes in names once too often.
function unescape(text: string): string {
  const once = (value: string) =>
    value.replace(/&(lt|gt|quot|apos|amp);/g, (_whole, entity: string) => entities[entity] ?? '');
  return once(once(text));
}

function relative(file: string | undefined, root: string): string | null {
  if (!file) return null;
  return file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file;
}
