import { Mark } from '../ui/mark.tsx';
import { tellingTests, testSays, type NewTest } from './test-says.ts';

const results: Record<NewTest['onBase'] | NewTest['onHead'], string> = {
  passed: 'passes',
  failed: 'fails',
  skipped: 'skipped',
  not_run: 'not run',
};

function Result({ where, result }: { where: string; result: NewTest['onBase'] | NewTest['onHead'] }) {
  return (
    <span className="w-24 shrink-0">
      <span className="text-ink-3">{where}</span> {results[result]}
    </span>
  );
}

/** The new tests, each run on the base and on this commit. */
export function NewTests({ tests }: { tests: NewTest[] }) {
  if (tests.length === 0) return <p className="text-sm text-ink-2">No test was added.</p>;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <p className="text-sm text-ink-2">
        <span className="tabular-nums">
          {tellingTests(tests)} of {tests.length}
        </span>{' '}
        new tests fail on the base and pass on this commit.
      </p>
      <ul className="flex flex-col divide-y divide-line border-y border-line text-sm">
        {tests.map((test, index) => {
          const says = testSays(test);
          return (
            <li key={index} className="flex flex-wrap items-start gap-x-4 gap-y-0.5 py-1.5">
              <span className="min-w-0 flex-1 basis-60 foreign">
                {test.name}
                {test.file && <span className="block truncate font-mono text-xs text-ink-3">{test.file}</span>}
              </span>
              <span className="flex gap-4">
                <Result where="base" result={test.onBase} />
                <Result where="here" result={test.onHead} />
              </span>
              <span className="w-56 shrink-0">
                <Mark tone={says.tone} bare>
                  {says.words}
                </Mark>
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
