import type { ToolName } from '../../domain/roles/role-body.ts';
import type { ToolEffect } from '../ports.ts';

/** `risk` is what a tool can at most do to the world outside the conversation; `scope` is what confines it. */
export type ToolClass = {
  risk: 'notes' | 'reads' | 'writes_files' | 'runs_commands' | 'speaks_to_people' | 'asks_for_more' | 'ends_run';
  /** `conversation`: nothing but the log. `paths`: role and task. `sandbox`: its walls. `people`: who may decide. */
  scope: 'conversation' | 'paths' | 'sandbox' | 'people';
  effect: ToolEffect;
  /** Safe to call again after a crash: it changes nothing, or its call id makes the second call find the first. */
  idempotent: boolean;
};

/** Every tool has a class; a new name does not compile until it has one. */
export const toolClasses = {
  shell: { risk: 'runs_commands', scope: 'sandbox', effect: 'write', idempotent: false },
  job_start: { risk: 'runs_commands', scope: 'sandbox', effect: 'write', idempotent: false },
  job_read: { risk: 'reads', scope: 'sandbox', effect: 'read', idempotent: true },
  job_stop: { risk: 'runs_commands', scope: 'sandbox', effect: 'write', idempotent: false },
  view: { risk: 'reads', scope: 'paths', effect: 'read', idempotent: true },
  create: { risk: 'writes_files', scope: 'paths', effect: 'write', idempotent: false },
  replace: { risk: 'writes_files', scope: 'paths', effect: 'write', idempotent: false },
  insert: { risk: 'writes_files', scope: 'paths', effect: 'write', idempotent: false },
  search: { risk: 'reads', scope: 'paths', effect: 'read', idempotent: true },
  find: { risk: 'reads', scope: 'paths', effect: 'read', idempotent: true },
  plan: { risk: 'notes', scope: 'conversation', effect: 'read', idempotent: true },
  read_output: { risk: 'reads', scope: 'conversation', effect: 'read', idempotent: true },
  ask_person: { risk: 'speaks_to_people', scope: 'people', effect: 'desk', idempotent: true },
  request_scope: { risk: 'asks_for_more', scope: 'people', effect: 'desk', idempotent: true },
  request_budget: { risk: 'asks_for_more', scope: 'people', effect: 'desk', idempotent: true },
  report_blocker: { risk: 'speaks_to_people', scope: 'people', effect: 'desk', idempotent: true },
  handoff: { risk: 'ends_run', scope: 'people', effect: 'desk', idempotent: true },
  decide: { risk: 'ends_run', scope: 'people', effect: 'desk', idempotent: true },
} as const satisfies Record<ToolName, ToolClass>;
