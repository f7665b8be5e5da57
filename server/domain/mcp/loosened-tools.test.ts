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
