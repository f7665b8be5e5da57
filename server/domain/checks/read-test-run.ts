import type { EnvironmentStepName } from '../setup/environment.ts';
import type { ExecResult } from '../ports/sandbox.ts';
import type { TestCase } from './evidence.ts';
import { mostCases } from './limits.ts';
import { parseJunit } from './parse-junit.ts';
import { parseTap } from './parse-tap.ts';
import { lastLines, plainText } from './plain-text.ts';

/** One run of a repo's tests, as far as its output could be read. */
export type TestRun = {
  verdict: 'passed' | 'failed' | 'broken';
  /** Why, in words for a person and for the agent. */
  detail: string;
  exitCode: number | null;
  durationMs: number;
  /** Null where the output could not be read case by case. */
  cases: TestCase[] | null;
  /** Names of failing cases, sorted; empty where cases are unknown. */
  failing: string[];
  output: string;
  /** What failed at first and passed when it was run once more; names of cases, where they are known. */
  flaky?: string[];
  /** What its sandbox was made of, where that is not the host's own system. */
  image?: string;
  /** The step before the tests that did not work, so that they never began. */
  brokenAt?: EnvironmentStepName;
};

/** The work tree's place in the sandbox: report files name paths below it. */
const root = '/work';

/** Reads what `testScript` printed. */
export function readTestRun(result: ExecResult, marker: string): TestRun {
  const head = plainText(result.head);
  const tail = plainText(result.tail);
  const gap = result.droppedBytes > 0 ? `\n… ${result.droppedBytes} bytes left out …\n` : '';
  const text = `${head}${gap}${tail}`;
  const at = text.lastIndexOf(`\n${marker}\n`);
  const output = at < 0 ? text : text.slice(0, at);
  const cases = (at < 0 ? null : casesOf(text.slice(at + marker.length + 2))) ?? parseTap(output);
  const failing = [...new Set((cases ?? []).filter(({ result }) => result === 'failed').map(label))].toSorted();
  const { verdict, detail } = judge(result, failing, output);
  return {
    verdict,
    detail,
    exitCode: result.exitCode,
    durationMs: Math.round(result.durationMs),
    cases,
    failing,
    output,
  };
}

/** How a case is named to people and compared between two checks. */
export function label({ name, file }: TestCase): string {
  return file === null || name === file ? name : `${file}: ${name}`;
}

function casesOf(reports: string): TestCase[] | null {
  const documents = reports.split(/(?=<\?xml)/).filter((part) => part.includes('<testsuite'));
  if (documents.length === 0) return null;
  const parsed = documents.map((document) => parseJunit(document, root));
  if (parsed.some((cases) => cases === null)) return null;
  const cases = parsed.flatMap((each) => each ?? []);
  return cases.length > mostCases ? null : cases;
}

function judge(result: ExecResult, failing: string[], output: string): Pick<TestRun, 'verdict' | 'detail'> {
  if (result.ended === 'timed_out') {
    const minutes = Math.round(result.durationMs / 60_000);
    return { verdict: 'failed', detail: `The tests did not end within ${minutes} minutes and were stopped.` };
  }
  if (result.ended !== 'exited') return { verdict: 'broken', detail: 'The tests were cut off before they ended.' };
  if (result.exitCode === 0) return { verdict: 'passed', detail: 'All tests pass.' };
  if (result.exitCode === 126 || result.exitCode === 127) {
    const detail = `The test command could not be started: ${lastLines(output, 300) || 'command not found'}`;
    return { verdict: 'broken', detail };
  }
  if (failing.length === 0) {
    return { verdict: 'failed', detail: `The test command ended with exit code ${result.exitCode}.` };
  }
  const shown = failing.slice(0, 3).map((name) => `“${name}”`);
  const more = failing.length > 3 ? ` and ${failing.length - 3} more` : '';
  const verb = failing.length === 1 ? 'test fails' : 'tests fail';
  return { verdict: 'failed', detail: `${failing.length} ${verb}: ${shown.join(', ')}${more}.` };
}
