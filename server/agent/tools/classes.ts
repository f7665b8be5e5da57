import type { ToolName } from '../../domain/roles/role-body.ts';
import type { ToolEffect } from '../ports.ts';

/** `risk` is what a tool can at most do to the world outside the conversation. */
export type ToolClass = {
  risk: 'reads' | 'writes_files' | 'runs_commands' | 'speaks_to_people' | 'ends_run';
  effect: ToolEffect;
  /** Safe to call again after a crash: it changes nothing, or its call id makes the second call find the first. */
  idempotent: boolean;
};

/** Every tool has a class; a new name does not compile until it has one. */
export const toolClasses = {
  shell: { risk: 'runs_commands', effect: 'write', idempotent: false },
  view: { risk: 'reads', effect: 'read', idempotent: true },
  create: { risk: 'writes_files', effect: 'write', idempotent: false },
  replace: { risk: 'writes_files', effect: 'write', idempotent: false },
  insert: { risk: 'writes_files', effect: 'write', idempotent: false },
  search: { risk: 'reads', effect: 'read', idempotent: true },
  read_output: { risk: 'reads', effect: 'read', idempotent: true },
  ask_person: { risk: 'speaks_to_people', effect: 'desk', idempotent: true },
  handoff: { risk: 'ends_run', effect: 'desk', idempotent: true },
  decide: { risk: 'ends_run', effect: 'desk', idempotent: true },
} as const satisfies Record<ToolName, ToolClass>;
