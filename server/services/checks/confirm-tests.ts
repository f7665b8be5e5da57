import { asOfChange } from '../../domain/checks/combine-runs.ts';
import type { TestRun } from '../../domain/checks/read-test-run.ts';
import { deservesSecondTry, withSecondTry } from '../../domain/checks/second-try.ts';
import type { SetUpPorts } from '../environment/set-up-repo.ts';
import { runTests, type TestRequest } from './run-tests.ts';

/**
 * Runs a change's tests, and where some fail, once more in another clean sandbox: what passes then is marked as flaky. A
 * failure that a whole round of work is to be sent back for has been seen twice.
 */
export async function confirmTests(ports: SetUpPorts, request: TestRequest): Promise<TestRun> {
  const first = asOfChange(await runTests(ports, request));
  return deservesSecondTry(first) ? withSecondTry(first, asOfChange(await runTests(ports, request))) : first;
}
