import { execFileSync } from 'node:child_process';
import { readGolden } from '../server/testing/golden-events.ts';

// Payloads of events and logs that were stored once are only ever added to. A commit that changes one or takes one away is not for mending
// by another: it must not be.

const folders = ['server/domain/events/golden/org', 'server/domain/events/golden/run', 'server/domain/audit/golden'];
const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' });

function changed(): string[] {
  const asked = ['--diff-filter=DMRT', '--no-renames', '--name-only'];
  const committed = git('log', '--full-history', '--format=', ...asked, 'HEAD', '--', ...folders);
  const uncommitted = git('diff', ...asked, 'HEAD', '--', ...folders);
  return [...new Set(`${committed}\n${uncommitted}`.split('\n').filter(Boolean))];
}

const kept = readGolden().length;
const bad = changed();
for (const file of bad) process.stderr.write(`${file} was stored once and must stay as it was\n`);
process.stdout.write(`golden: ${kept} stored payloads, ${bad.length} changed or gone\n`);
process.exit(kept > 0 && bad.length === 0 ? 0 : 1);
