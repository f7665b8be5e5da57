import { describe, expect, it } from 'vitest';
import type { Call } from '../transcript/transcript.ts';
import { rulesTouched } from './house-rules.ts';

const call = (tool: string, input: unknown): Call => {
  return { callId: 'c', tool, input, verdict: null, text: '', isError: false };
};
const rules = ['pkg/a/deep/AGENTS.md', 'pkg/a/AGENTS.md', 'pkg/a/CLAUDE.md', 'pkg/ab/AGENTS.md', 'docs/AGENTS.md'];
const touched = (tool: string, input: unknown) => rulesTouched(rules, [call(tool, input)]);

describe('rulesTouched', () => {
  it('are those of all folders above a path, the outermost first', () => {
    const all = ['pkg/a/AGENTS.md', 'pkg/a/CLAUDE.md', 'pkg/a/deep/AGENTS.md'];
    expect(touched('view', { path: 'pkg/a/deep/x.js' })).toEqual(all);
    expect(touched('search', { pattern: 'x', path: './pkg/a/' })).toEqual(all.slice(0, 2));
  });

  it.each([
    ['cd pkg/a && npm test', 2],
    ['node pkg/a/deep/run.js', 3],
    ['cat "docs/x"', 1],
    ['cat /work/pkg/a/x', 2],
    ['ls pkg', 0],
    ['echo xpkg/a pkg/a.js docsy', 0],
  ])('a command works where it says: %s', (command, count) => {
    expect(touched('shell', { command })).toHaveLength(count);
    expect(touched('job_start', { command })).toHaveLength(count);
  });

  it.each([
    ['view', { path: '../docs/x' }],
    ['view', { path: 'pkg' }],
    ['handoff', { summary: 'docs/x' }],
    ['view', null],
    ['shell', 'docs/x'],
  ])('nothing else does: %s %j', (tool, input) => {
    expect(touched(tool, input)).toEqual([]);
  });
});
