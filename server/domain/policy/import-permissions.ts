import { z } from 'zod';
import { policyDocument, type PolicyDocument } from './document.ts';
import type { VerdictWord } from './verdict.ts';

/** Entries that could not be taken over, each with why: nothing is dropped in silence. */
export type Imported = { policy: PolicyDocument; left: { entry: string; why: string }[] };

const list = z.array(z.string()).default([]);

/** `.claude/settings.json` of Claude Code, and a permission list of Copilot. */
const permissionFile = z.looseObject({ permissions: z.looseObject({ allow: list, ask: list, deny: list }) });

const commandTools = new Set(['Bash', 'Shell', 'shell']);
const readTools = new Set(['Read', 'read', 'Glob', 'Grep']);
const writeTools = new Set(['Edit', 'Write', 'MultiEdit', 'NotebookEdit', 'write', 'edit']);
const networkTools = new Set(['WebFetch', 'Domain', 'url', 'Fetch']);

type Found = { body: Record<string, unknown> } | { why: string };

/** `npm run test:*` and `npm run test *` both mean: these words and whatever follows. */
function commandOf(argument: string): Found {
  const run = argument
    .replace(/:\*$/u, '')
    .replace(/\s+\*$/u, '')
    .trim();
  if (run === '' || run === '*') return { why: 'it is about every command; write that under `otherwise`' };
  return { body: { on: 'command', run: [run] } };
}

function pathOf(on: 'read' | 'write', argument: string): Found {
  if (/^(?:~|\/\/)/u.test(argument)) return { why: 'it is about files outside the repository, where agents never are' };
  const glob = argument.replace(/^\.?\//u, '');
  if (glob === '' || glob === '**' || glob === '*')
    return { why: `it is about every ${on}; write that under \`otherwise\`` };
  return { body: { on, paths: [glob] } };
}

function hostOf(argument: string): Found {
  const host = argument
    .replace(/^domain:/u, '')
    .replace(/^https?:\/\//u, '')
    .replace(/\/.*$/u, '');
  return host === '' || host === '*' ? { why: 'it names no host' } : { body: { on: 'network', hosts: [host] } };
}

function bodyOf(entry: string): Found {
  const [, tool = entry, argument = ''] = /^([\w.-]+)\((.*)\)$/su.exec(entry.trim()) ?? [];
  if (commandTools.has(tool)) return commandOf(argument);
  if (readTools.has(tool)) return pathOf('read', argument);
  if (writeTools.has(tool)) return pathOf('write', argument);
  if (networkTools.has(tool)) return hostOf(argument);
  const [, server, name = '*'] = /^mcp__([\w-]+?)(?:__(.+))?$/u.exec(tool) ?? [];
  if (server) return { body: { on: 'mcp', tools: [`${server}/${name}`] } };
  return { why: `Fleet has no tool ${tool}` };
}

/** Takes over a list of permissions that another agent's administrators wrote. What it denies becomes a limit. */
export function importPermissions(text: string): Imported {
  const { permissions } = permissionFile.parse(JSON.parse(text));
  const left: Imported['left'] = [];
  const rules = (['deny', 'ask', 'allow'] as const).flatMap((then: VerdictWord) =>
    permissions[then as 'deny'].flatMap((entry, at) => {
      const found = bodyOf(entry);
      const body = 'why' in found ? null : { id: `imported-${then}-${at + 1}`, ...found.body, then };
      const problem = body === null ? null : policyDocument.safeParse({ defaults: [body] }).error;
      if (body !== null && !problem) return [body];
      left.push({ entry, why: 'why' in found ? found.why : problem!.issues[0]!.message });
      return [];
    }),
  );
  const of = (limit: boolean) => rules.filter(({ then }) => (then === 'deny') === limit);
  return { policy: policyDocument.parse({ preset: 'balanced', limits: of(true), defaults: of(false) }), left };
}
