import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** One test, or one file of tests that could not be loaded, that failed: where it stands, what it is called, what was said. */
export type Failure = { place: string; title: string; message: string };

type VitestReport = {
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
};

type PlaywrightSuite = {
  specs?: {
    ok: boolean;
    title: string;
    file: string;
    line: number;
    tests: { status?: string; results: { errors: { message?: string }[] }[] }[];
  }[];
  suites?: PlaywrightSuite[];
};

/** The failures of a report that Vitest wrote as JSON. */
export function failuresOfVitest(report: string, root = process.cwd()): Failure[] {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as VitestReport;
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const place = relative(root, name);
    const failed = assertionResults.filter((result) => result.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [{ place, title: 'the file', message }] : [];
    return failed.map(({ fullName, failureMessages }) => ({
      place,
      title: fullName,
      message: failureMessages.join('\n'),
    }));
  });
}

/** The failures of a report that Playwright wrote as JSON, with what went wrong outside any test. */
export function failuresOfPlaywright(report: string): Failure[] {
  const { suites, errors } = JSON.parse(readFileSync(report, 'utf8')) as {
    suites: PlaywrightSuite[];
    errors: { message?: string }[];
  };
  const outside = errors.map(({ message = '' }) => ({ place: 'e2e', title: 'outside any test', message }));
  return [...outside, ...suites.flatMap(failuresOfSuite)];
}

function failuresOfSuite({ specs = [], suites = [] }: PlaywrightSuite): Failure[] {
  const own = specs
    .filter(({ ok, tests }) => !ok || tests.some(({ status }) => status === 'flaky'))
    .map(({ title, file, line, tests }) => ({
      place: `${file}:${line}`,
      title,
      message: tests
        .flatMap(({ results }) => results.flatMap(({ errors }) => errors.map(({ message = '' }) => message)))
        .join('\n'),
    }));
  return [...own, ...suites.flatMap(failuresOfSuite)];
}

const linesShown = 30;
const failuresShown = 20;

/** The last lines of what a command said: as many as are shown of one failure. */
export function endOf(output: string): string {
  return output.trimEnd().split('\n').slice(-linesShown).join('\n');
}

/**
 * What failed, once more and in short, for the end of the output: whoever reads the end of a long log
 * finds there which test it was, not only that there was one.
 */
export function describeFailures(failures: Failure[]): string {
  const shown = failures.slice(0, failuresShown).map(({ place, title, message }) => {
    const lines = stripVTControlCharacters(message).split('\n');
    const rest = lines.length > linesShown ? [`… and ${lines.length - linesShown} lines more`] : [];
    return [`✗ ${place} › ${title}`, ...[...lines.slice(0, linesShown), ...rest].map((line) => `    ${line}`)].join(
      '\n',
    );
  });
  if (failures.length > failuresShown) shown.push(`… and ${failures.length - failuresShown} failures more`);
  return shown.map((text) => `\n${text}\n`).join('');
}
