import { parseArgs } from 'node:util';
import { printSteps, runStep, type StepResult } from './steps.ts';

/** Each round: the whole sample task with `kill -9` of web, worker and engine at three moments drawn from the seed. */
const { values } = parseArgs({
  options: { seed: { type: 'string' }, rounds: { type: 'string', default: '3' } },
});
const firstSeed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const rounds = Number(values.rounds);
if (!Number.isInteger(firstSeed) || !Number.isInteger(rounds) || rounds < 1 || rounds > 200) {
  process.stderr.write('Usage: npm run drill -- [--seed WHOLE_NUMBER] [--rounds 1..200]\n');
  process.exit(2);
}

const results: StepResult[] = [];
for (let round = 0; round < rounds; round += 1) {
  const seed = String(firstSeed + round);
  results.push(await runStep(`seed ${seed}`, 'node', ['cli/fleet.mjs', 'demo', '--story', 'crash', '--seed', seed]));
}
printSteps(results);
const failed = results.filter(({ ok }) => !ok).length;
process.stdout.write(`\nfirst seed ${firstSeed}: ${rounds - failed} of ${rounds} ended merged, tested and verified\n`);
process.exit(failed === 0 ? 0 : 1);
