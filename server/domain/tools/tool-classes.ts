import { isMcpName } from '../mcp/mcp-server.ts';
import type { ToolName } from '../roles/role-body.ts';

/** `read` calls run side by side, `write` calls in order, a `desk` call ends its turn. */
export type ToolEffect = 'read' | 'write' | 'desk';

/** `risk` is what a tool can at most do to the world outside the conversation; `scope` is what confines it. */
export type ToolClass = {
  risk:
    | 'notes'
    | 'reads'
    | 'reads_web'
    | 'calls_server'
    | 'reserves'
    | 'writes_files'
    | 'runs_commands'
    | 'speaks_to_people'
    | 'asks_for_more'
    | 'delegates'
    | 'ends_run';
  /** `conversation`: nothing but the log. `paths`: role and task. `sandbox`: its walls. `people`: who may decide. `own`: its own rights and budget. `network`: its rules. `server`: what people allow of an MCP server. */
  scope: 'conversation' | 'network' | 'own' | 'paths' | 'sandbox' | 'server' | 'people';
  effect: ToolEffect;
  /** Safe to call again after a crash: it changes nothing, or its call id makes the second call find the first. */
  idempotent: boolean;
  /** Its answer comes from somebody or something that works on: asking again and again is waiting, not going in circles. */
  waits?: true;
};

/** Every tool has a class; a new name does not compile until it has one. */
export const toolClasses = {
  shell: { risk: 'runs_commands', scope: 'sandbox', effect: 'write', idempotent: false },
  job_start: { risk: 'runs_commands', scope: 'sandbox', effect: 'write', idempotent: false },
  job_read: { risk: 'reads', scope: 'sandbox', effect: 'read', idempotent: true, waits: true },
  job_stop: { risk: 'runs_commands', scope: 'sandbox', effect: 'write', idempotent: false },
  browser_open: { risk: 'runs_commands', scope: 'sandbox', effect: 'write', idempotent: false },
  browser_read: { risk: 'reads', scope: 'sandbox', effect: 'read', idempotent: true },
  browser_click: { risk: 'runs_commands', scope: 'sandbox', effect: 'write', idempotent: false },
  browser_type: { risk: 'runs_commands', scope: 'sandbox', effect: 'write', idempotent: false },
  browser_screenshot: { risk: 'reads', scope: 'sandbox', effect: 'read', idempotent: true },
  fetch_url: { risk: 'reads_web', scope: 'network', effect: 'read', idempotent: true },
  view: { risk: 'reads', scope: 'paths', effect: 'read', idempotent: true },
  create: { risk: 'writes_files', scope: 'paths', effect: 'write', idempotent: false },
  replace: { risk: 'writes_files', scope: 'paths', effect: 'write', idempotent: false },
  insert: { risk: 'writes_files', scope: 'paths', effect: 'write', idempotent: false },
  search: { risk: 'reads', scope: 'paths', effect: 'read', idempotent: true },
  find: { risk: 'reads', scope: 'paths', effect: 'read', idempotent: true },
  claim_paths: { risk: 'reserves', scope: 'paths', effect: 'desk', idempotent: true },
  plan: { risk: 'notes', scope: 'conversation', effect: 'read', idempotent: true },
  read_output: { risk: 'reads', scope: 'conversation', effect: 'read', idempotent: true },
  ask_person: { risk: 'speaks_to_people', scope: 'people', effect: 'desk', idempotent: true, waits: true },
  request_scope: { risk: 'asks_for_more', scope: 'people', effect: 'desk', idempotent: true, waits: true },
  request_budget: { risk: 'asks_for_more', scope: 'people', effect: 'desk', idempotent: true, waits: true },
  report_blocker: { risk: 'speaks_to_people', scope: 'people', effect: 'desk', idempotent: true, waits: true },
  delegate: { risk: 'delegates', scope: 'own', effect: 'desk', idempotent: true, waits: true },
  handoff: { risk: 'ends_run', scope: 'people', effect: 'desk', idempotent: true },
  decide: { risk: 'ends_run', scope: 'people', effect: 'desk', idempotent: true },
  report: { risk: 'ends_run', scope: 'own', effect: 'desk', idempotent: true },
} as const satisfies Record<ToolName, ToolClass>;

/** Of a tool of an MCP server, whatever it is said to do: a run's own tools know more of each. */
const mcpClass: ToolClass = { risk: 'calls_server', scope: 'server', effect: 'write', idempotent: false };

/** The class of a tool by its name in a log, which may be older or newer than this table. */
export function toolClassOf(name: string): ToolClass | null {
  if (isMcpName(name)) return mcpClass;
  return Object.hasOwn(toolClasses, name) ? toolClasses[name as ToolName] : null;
}
