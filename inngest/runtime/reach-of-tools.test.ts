import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

// Whatever a tool is made to do, it does with what drives its run. None of that reaches a use case by which people change
// something: they are read from the real procedures, and what a run reaches from its imports.

/** What a module loads. Types are not there when it runs. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const loads = text.matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from '(\.[^']+)'/gms);
  const lazy = text.matchAll(/\bimport\(\s*'(\.[^']+)'/g);
  return [...loads, ...lazy].map(([, to]) => path.join(path.dirname(file), to!)).filter((to) => existsSync(to));
}

function reachedFrom(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const next of importsOf(file)) reachedFrom(next, seen);
  return seen;
}

const mutations = globSync('server/api/routers/**/*.ts').filter((file) =>
  readFileSync(file, 'utf8').includes('.mutation('),
);
const useCasesOf = (file: string) => importsOf(file).filter((to) => to.startsWith('server/services/'));
const ofRuns = reachedFrom('inngest/runtime/drive-slice.ts');

describe('what drives a run', () => {
  it('is where tools run, and reaches what they ask people by', () => {
    expect(ofRuns).toContain('server/agent/tools/toolbox.ts');
    expect(ofRuns).toContain('server/services/approvals/ask-people.ts');
  });

  it.each(mutations)('does not reach what %s does for people', (file) => {
    expect(useCasesOf(file).filter((useCase) => ofRuns.has(useCase))).toEqual([]);
    expect(ofRuns.has(file)).toBe(false);
  });

  it('would be seen reaching it: people’s own way does', () => {
    expect(reachedFrom('server/api/routers/approvals/decide.ts')).toContain(
      'server/services/approvals/decide-approval.ts',
    );
    expect(mutations.flatMap(useCasesOf).length).toBeGreaterThan(50);
  });
});
