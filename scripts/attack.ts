import { printSteps, runStep, type StepResult } from './steps.ts';

/** Each group is the hostile half of the tests of one boundary, with its legitimate twins beside it. */
const groups: Record<string, { project: string; paths: string[] }> = {
  sandbox: { project: 'flow', paths: ['server/adapters/sandbox'] },
  git: { project: 'flow', paths: ['server/adapters/code-host'] },
  tenancy: { project: 'db', paths: ['server/db', 'server/api'] },
  approvals: { project: 'db', paths: ['server/services/approvals'] },
  audit: { project: 'db', paths: ['server/db/verify'] },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in groups));
if (unknown.length > 0) {
  process.stderr.write(`No group ${unknown.join(', ')}. There are: ${Object.keys(groups).join(', ')}.\n`);
  process.exit(2);
}

const results: StepResult[] = [];
for (const [name, { project, paths }] of Object.entries(groups)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  results.push(await runStep(name, 'vitest', ['run', '--project', project, ...paths]));
}
printSteps(results);
process.exit(results.every(({ ok }) => ok) ? 0 : 1);
