import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { printSteps, runQuietly, runStep, type StepResult } from './steps.ts';

const roots = ['app', 'attack', 'cli', 'components', 'inngest', 'server'];
const cruised = [...roots, 'instrumentation.ts', 'instrumentation-node.ts', 'proxy.ts'];
const cruiseConfig = '.dependency-cruiser.cjs';

function sourcesUnder(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths.filter((path) => /\.tsx?$/.test(path) && !path.startsWith(join('server', 'db', 'generated')));
}

/** A checker that sees no files finds no faults: every source on disk must be among the modules it cruised. */
async function sawEveryModule(): Promise<StepResult> {
  const args = [...cruised, '--config', cruiseConfig, '--output-type', 'json'];
  const listing = await runQuietly('modules', 'depcruise', args);
  const { modules } = JSON.parse(listing.output) as { modules: { source: string }[] };
  const seen = new Set(modules.map(({ source }) => source));
  const sources = roots.flatMap(sourcesUnder);
  const unseen = sources.filter((path) => !seen.has(path));
  process.stdout.write(`modules: ${sources.length} on disk, not cruised: ${unseen.join(', ') || 'none'}\n`);
  return { ...listing, ok: listing.ok && sources.length > 0 && unseen.length === 0 };
}

/** What did not change since the last time is not looked at again; by content, so that a checkout changes nothing. */
const cached = (tool: string) => ['--cache', '--cache-strategy', 'content', '--cache-location', `.cache/${tool}`];

/** Format, lint with layers and sizes, types, cycles and package walls, dead code. Returns one result a step. */
export async function check(): Promise<StepResult[]> {
  const generate = await runStep('generate', 'npm', ['run', '--silent', 'gen']);
  const format = await runStep('format', 'prettier', ['--check', '--log-level', 'warn', ...cached('prettier'), '.']);
  const types = await runStep('types', 'tsc', [
    '--noEmit',
    '--incremental',
    '--tsBuildInfoFile',
    '.cache/types.tsbuildinfo',
    '-p',
    '.',
  ]);
  const lint = await runStep('lint', 'eslint', ['--max-warnings', '0', ...cached('eslint'), '.']);
  const layers = await runStep('layers', 'depcruise', [...cruised, '--config', cruiseConfig]);
  const modules = await sawEveryModule();
  const dead = await runStep('dead code', 'knip', []);
  const documents = await runStep('documents', 'node', ['scripts/check-docs.ts']);
  const golden = await runStep('golden', 'node', ['scripts/check-golden.ts']);
  return [generate, format, types, lint, layers, modules, dead, documents, golden];
}

if (import.meta.main) {
  const results = await check();
  printSteps(results);
  process.exit(results.every(({ ok }) => ok) ? 0 : 1);
}
