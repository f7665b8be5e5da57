import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isRed, type Verdict } from './case.ts';
import { compare } from './compare.ts';
import { inWords, tryLayers, tryWithout } from './experiments.ts';
import { groups, parts, type Chosen } from './groups.ts';
import { layers } from './all-layers.ts';
import { printReport, type GroupReport } from './report.ts';
import { onPodman } from './subjects/on-podman.ts';
import { ours } from './subjects/ours.ts';
import type { Subject } from './subjects/subject.ts';

const usage = `npm run attack -- [GROUP …] [--only CASE] [--fast] [--json FILE]
npm run attack -- [GROUP …] --layers          every layer taken away, one at a time
npm run attack -- --compare                   the same cases on sandbox-runtime, side by side
npm run attack -- --without LAYER[,LAYER …]   some layers taken away
npm run attack -- [sandbox …] --on podman     the cases of sandboxes, in containers of a real Podman
Groups: ${groups.join(', ')}.
Layers: ${Object.keys(layers).join(', ')}.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    on: { type: 'string' },
    only: { type: 'string' },
    fast: { type: 'boolean' },
    compare: { type: 'boolean' },
    layers: { type: 'boolean' },
    without: { type: 'string' },
    help: { type: 'boolean' },
  },
});

const print = (line: string) => process.stdout.write(`${line}\n`);

/** Exit code: 0 when all held, 1 when something was red, 2 when it was asked for what is not there. */
async function main(root: string): Promise<number> {
  const without = values.without?.split(',') ?? [];
  const odd = [...positionals.filter((name) => !groups.includes(name)), ...without.filter((name) => !(name in layers))];
  if (values.help || odd.length > 0) {
    process.stderr.write(odd.length > 0 ? `There is no ${odd.join(', ')}.\n${usage}` : usage);
    return odd.length > 0 ? 2 : 0;
  }
  if (values.compare) return (await compare(root, print)) ? 0 : 1;
  if (values.layers) return (await tryLayers(root, positionals, print)) ? 0 : 1;
  return without.length > 0 ? lackingSome(root, without) : tryWhole(root);
}

async function lackingSome(root: string, without: string[]): Promise<number> {
  const experiment = await tryWithout(root, without, values.only);
  print(`without ${without.join(' and ')}: ${inWords(experiment)}`);
  return experiment.escapes.length === 0 ? 0 : 1;
}

/** With nothing taken away: all parts here, or those that any sandbox of Fleet's can be put to on a real engine. */
async function tryWhole(root: string): Promise<number> {
  if (values.on === undefined) return tryGroups(root);
  if (values.on !== 'podman') {
    process.stderr.write(`There is no ${values.on} to try it on: --on podman.\n`);
    return 2;
  }
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const subject = await onPodman((close) => closers.push(close));
    return await tryGroups(root, { subject, names: ['sandbox', 'no-network'] });
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

type On = { subject: (dataDir: string) => Subject; names: string[] };
const here: On = { subject: ours, names: Object.keys(parts) };

async function tryGroups(root: string, { subject, names } = here): Promise<number> {
  const reports: GroupReport[] = [];
  for (const group of groups) {
    const tried = names.map((name) => parts[name]!).filter((one) => one.group === group);
    if (tried.length === 0 || (positionals.length > 0 && !positionals.includes(group))) continue;
    const chosen = ({ id, slow, local }: Chosen) =>
      (values.only === undefined || id === values.only) && !(values.fast && slow) && !(values.on && local);
    const verdicts: Verdict[] = [];
    for (const part of tried) verdicts.push(...(await part.run({ root, subject, sandbox: {}, git: {}, chosen })));
    reports.push({ group, verdicts });
  }
  printReport(reports);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(reports, null, 2)}\n`);
  const verdicts = reports.flatMap((report) => report.verdicts);
  return verdicts.length > 0 && !verdicts.some(isRed) ? 0 : 1;
}

const root = mkdtempSync(join(tmpdir(), 'fleet-attack-'));
let code = 1;
try {
  code = await main(root);
} finally {
  rmSync(root, { recursive: true, force: true });
}
process.exit(code);
