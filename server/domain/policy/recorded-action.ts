import { z } from 'zod';
import { readModelName, type McpRisk } from '../mcp/mcp-server.ts';
import type { ToolName } from '../roles/role-body.ts';
import type { Action, BrowserAct } from './action.ts';

const command = z.object({ command: z.string() });
const file = z.object({ path: z.string() });
const place = z.object({ path: z.string().optional() });

type Reading = (input: unknown) => Action | null;

const reading =
  <T>(schema: z.ZodType<T>, action: (input: T) => Action): Reading =>
  (input) => {
    const read = schema.safeParse(input);
    return read.success ? action(read.data) : null;
  };

const shell = reading(command, (input) => ({ kind: 'shell', command: input.command }));
const view = reading(file, ({ path }) => ({ kind: 'file_read', path }));
const look = reading(place, ({ path = '.' }) => ({ kind: 'file_read', path }));

const page = (act: BrowserAct, input: z.ZodType = z.object({})) => reading(input, () => ({ kind: 'browser', act }));
const element = z.object({ element: z.number() });

/** The tools whose calls rules can speak of. What the others do is within the conversation or the sandbox. */
const readings: Partial<Record<ToolName, Reading>> = {
  shell,
  job_start: shell,
  view,
  search: look,
  find: look,
  browser_open: page('open', z.object({ url: z.string() })),
  browser_read: page('read'),
  browser_click: page('click', element),
  browser_type: page('type', element.extend({ text: z.string() })),
  browser_screenshot: page('screenshot'),
  fetch_url: reading(z.object({ url: z.string() }), ({ url }) => ({ kind: 'fetch', url })),
  create: reading(file.extend({ content: z.string() }), ({ path, content }) => ({
    kind: 'file_write',
    path,
    edit: { removed: '', added: content, whole: true },
  })),
  replace: reading(file.extend({ old_text: z.string(), new_text: z.string() }), ({ path, old_text, new_text }) => ({
    kind: 'file_write',
    path,
    edit: { removed: old_text, added: new_text, whole: false },
  })),
  insert: reading(file.extend({ text: z.string() }), ({ path, text }) => ({
    kind: 'file_write',
    path,
    edit: { removed: '', added: text, whole: false },
  })),
};

/** What the org's servers are allowed now, by the name that a model is given. */
export type KnownTools = ReadonlyMap<string, McpRisk>;

/**
 * What a recorded call was about to do, as its tool puts it to policy; null for one that no rule speaks of and for
 * arguments that were never run. A tool of a server that is gone counts for the worst.
 */
export function recordedAction(tool: string, input: unknown, known: KnownTools = new Map()): Action | null {
  const remote = readModelName(tool);
  if (remote) return { kind: 'mcp_call', ...remote, effect: known.get(tool) ?? 'destroys', changed: false };
  return Object.hasOwn(readings, tool) ? readings[tool as ToolName]!(input) : null;
}

/** What an action is about, in one line. */
export function actionTarget(action: Action): string {
  if (action.kind === 'shell') return action.command;
  if (action.kind === 'file_read' || action.kind === 'file_write') return action.path;
  if (action.kind === 'fetch') return action.url;
  return action.kind === 'mcp_call' ? `${action.server}/${action.tool}` : action.kind;
}
