import { z } from 'zod';
import { putToPeople } from './put-to-people.ts';
import { failed, tool } from './tool.ts';

const entries = (words: string, longest: number) =>
  z.array(z.string().min(1).max(longest)).max(20).optional().describe(words);

const schema = z.strictObject({
  paths: entries('Files, folders or globs to write to, e.g. docs/api.md', 300),
  hosts: entries('Host names to reach, e.g. registry.npmjs.org; never addresses', 253),
  commands: entries('Commands that were refused, word for word', 2000),
  tools: entries('Names of tools that were refused, e.g. mcp__tracker__create_issue', 64),
  why: z.string().min(1).max(1000).describe('What part of the task cannot be done without it'),
});

export const requestScope = tool({
  description:
    'Asks a person to open more for this run only: paths outside the scope of the task, hosts, or commands and tools that a ' +
    'rule asks about. Ask for the least that does it, all at once. Waiting costs no run-time. The answer may open less than you asked ' +
    'for. What is forbidden to your role cannot be opened this way.',
  schema,
  action: () => ({ kind: 'ask_person' }),
  async run(kit, { input: { paths = [], hosts = [], commands = [], tools = [], why }, callId, signal }) {
    if (paths.length + hosts.length + commands.length + tools.length === 0) {
      return failed('Nothing was asked for. Name at least one entry in paths, hosts, commands or tools.');
    }
    const asked = { paths, hosts, commands, ...(tools.length > 0 && { tools }) };
    return putToPeople(kit, { request: { kind: 'scope', ...asked, why }, callId, signal });
  },
});
