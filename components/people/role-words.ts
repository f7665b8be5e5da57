import type { OrgRole, Scope } from '../../server/domain/authz/scopes.ts';

/** What each right lets a person do, in the order in which the table of roles shows them. */
export const scopeWords = {
  'org:read': 'See the org, its members and its agents',
  'repos:read': 'See repos and their environment',
  'tasks:read': 'See the board and the tasks',
  'runs:read': 'See runs, changes and their diffs',
  'approvals:read': 'See approvals, and answer for a task of one’s own',
  'tasks:create': 'File tasks',
  'runs:stop': 'Stop runs',
  'runs:steer': 'Guide, pause and retry runs',
  'approvals:decide': 'Decide approvals and merges',
  'repos:connect': 'Connect and set up repos',
  'audit:verify': 'Read and verify the audit log',
  'org:configure': 'Change models, budgets, teams and agents',
  'members:manage': 'Invite, change and remove members',
  'audit:erase': 'Erase what an event of the log says, and set how long it is kept',
  'org:own': 'Hand the org over, and set its single sign-on',
} as const satisfies Record<Scope, string>;

export const roleWords = {
  owner: 'Everything, and who else owns the org.',
  admin: 'Everything but owning it.',
  maintainer: 'Works with repos and agents, and decides.',
  approver: 'Looks and decides.',
  member: 'Files tasks and guides the runs.',
  auditor: 'Looks at everything, changes nothing.',
} as const satisfies Record<OrgRole, string>;
