import {
  directions,
  emptyBacktest,
  groupings,
  mergeBacktests,
  minutesMore,
  minutesPerQuestion,
  type Backtest,
  type BacktestPage,
} from '../../server/domain/policy/backtest/backtest.ts';
import { asLoggedIn } from './tasks.ts';

type Of = { file: string; print: (line: string) => void; progress: (text: string) => void };

/** Prints how a policy would have decided the org's recorded calls. Ctrl-C ends it; nothing is left anywhere. */
export async function backtest({ file, print, progress }: Of, asked: { yaml: string; days: number }): Promise<void> {
  await asLoggedIn(file, async ({ client, org, url }) => {
    let found = emptyBacktest();
    let total = 0;
    let after: string | null = null;
    do {
      const page: BacktestPage = await client.policy.backtest.mutate({
        org,
        ...asked,
        after,
      });
      found = mergeBacktests(found, page.part);
      total = page.total ?? total;
      after = page.next;
      progress(`\r${found.calls} of ${total} calls`);
    } while (after !== null);
    progress('\n');
    printFound(found, { print, runs: `${url}/${org}/runs` });
  });
}

function printFound(found: Backtest, { print, runs }: { print: Of['print']; runs: string }): void {
  const words = { denied: 'newly refused', asked: 'newly asked', allowed: 'newly allowed' };
  const tally = (of: Backtest['changed']) => directions.map((each) => `${of[each]} ${words[each]}`).join(', ');
  print(`${found.calls} calls: ${tally(found.changed)}`);
  for (const grouping of groupings) {
    for (const [key, of] of Object.entries(found.by[grouping])) print(`  ${grouping.padEnd(4)}  ${key}: ${tally(of)}`);
  }
  const more = minutesMore(found);
  const { before, after } = found.questions;
  print(
    `${after} questions to people instead of ${before} (one for each run and rule that asks, two where two decide): ` +
      `${Math.abs(more)} minutes ${more < 0 ? 'less' : 'more'} at ${minutesPerQuestion} minutes each`,
  );
  for (const { direction, tool, target, after: then, runId, callId } of found.shown) {
    print(`  ${words[direction]} by ${then.rule}: ${tool} ${target.split('\n')[0]}`);
    print(`    ${runs}/${runId}#call-${callId}`);
  }
}
