export const orgRoles = ['owner', 'admin', 'maintainer', 'approver', 'member', 'auditor'] as const;
export type OrgRole = (typeof orgRoles)[number];

/** Who may do what: the one table, read by the procedure guard and by the buttons. */
export const rolesByScope = {
  'org:read': ['owner', 'admin', 'maintainer', 'approver', 'member', 'auditor'],
  'org:configure': ['owner', 'admin'],
  'repos:read': ['owner', 'admin', 'maintainer', 'approver', 'member', 'auditor'],
  'repos:connect': ['owner', 'admin', 'maintainer'],
  'tasks:read': ['owner', 'admin', 'maintainer', 'approver', 'member', 'auditor'],
  'tasks:create': ['owner', 'admin', 'maintainer', 'member'],
  'runs:read': ['owner', 'admin', 'maintainer', 'approver', 'member', 'auditor'],
  'runs:stop': ['owner', 'admin', 'maintainer', 'member'],
  'runs:steer': ['owner', 'admin', 'maintainer', 'member'],
  'approvals:read': ['owner', 'admin', 'maintainer', 'approver', 'member', 'auditor'],
  'approvals:decide': ['owner', 'admin', 'maintainer', 'approver'],
  'members:manage': ['owner', 'admin'],
  'org:own': ['owner'],
  'audit:verify': ['owner', 'admin', 'maintainer', 'auditor'],
  'audit:erase': ['owner'],
} as const satisfies Record<string, readonly OrgRole[]>;

export type Scope = keyof typeof rolesByScope;

export function can(role: OrgRole, scope: Scope): boolean {
  return (rolesByScope[scope] as readonly OrgRole[]).includes(role);
}
