import { expect, it } from 'vitest';
import { loosenedTools, toolsText } from './loosened-tools.ts';
import type { AllowedTool, McpRisk } from './mcp-server.ts';

const tool = (name: string, risk: McpRisk = 'writes', hash = 'h'): AllowedTool => ({
  ...{ name, risk, hash, description: 'Does it: "so".\ntool: all', inputSchema: {} },
});

it.each<[string, AllowedTool[], RegExp]>([
  ['a tool that was not allowed', [tool('find'), tool('drop', 'destroys')], /`drop` is allowed, which destroys/],
  ['another description', [tool('find', 'writes', 'other')], /as it is described now/],
  [
    'a smaller risk, of which fewer rules speak',
    [tool('find', 'reads')],
    /counts as what reads, no longer as what writes/,
  ],
])('%s is more than roles had', (_what, after, words) => {
  expect(loosenedTools([tool('find')], after)).toEqual([expect.stringMatching(words)]);
});

it('what only closes, or is judged to do worse, is not', () => {
  const before = [tool('find'), tool('drop')];
  expect(loosenedTools(before, [tool('find')])).toEqual([]);
  expect(loosenedTools(before, [])).toEqual([]);
  expect(loosenedTools(before, [tool('find', 'destroys'), tool('drop')])).toEqual([]);
});

it('a description cannot pass for another tool in the text that is compared', () => {
  expect(toolsText({ place: 'exec x', tools: [tool('find')] }).match(/^ *-? *tool:/gm)).toHaveLength(1);
});

it('the text that is compared says what a tool takes, in one line, and the hash where that is too long to show', () => {
  const textOf = (inputSchema: Record<string, unknown>, hash = 'h') =>
    toolsText({ place: 'exec x', tools: [{ ...tool('find', 'writes', hash), inputSchema }] });
  const text = textOf({ type: 'object', properties: { b: { description: 'x\ny' }, a: {} } });
  expect(text).toContain('  takes: {"properties":{"a":{},"b":{"description":"x\\ny"}},"type":"object"}\n');
  const long = (end: string) => ({ description: `${'x'.repeat(9_000)}${end}` });
  expect(textOf(long('a'), 'h1').length).toBeLessThan(4_300);
  expect(textOf(long('a'), 'h1')).not.toBe(textOf(long('b'), 'h2'));
});
