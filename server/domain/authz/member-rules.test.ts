import { describe, expect, it } from 'vitest';
import { givenBy, whyNotMove } from './member-rules.ts';
import { can, orgRoles, rolesByScope, type OrgRole, type Scope } from './scopes.ts';

const asked = (by: OrgRole, target: OrgRole, to: OrgRole | null, { self = false, owners = 2 } = {}) =>
  whyNotMove({ by: { userId: 'a', role: by }, target: { userId: self ? 'a' : 'b', role: target }, to, owners })?.why ??
  null;

describe('who may change whom', () => {
  it.each(orgRoles)('an owner makes anybody %s, and removes anybody, while another owner is left', (role) => {
    expect(asked('owner', 'member', role)).toBeNull();
    expect(asked('owner', role, null)).toBeNull();
  });

  it('an admin neither makes nor touches an owner', () => {
    expect(asked('admin', 'member', 'admin')).toBeNull();
    expect(asked('admin', 'admin', 'auditor')).toBeNull();
    expect(asked('admin', 'member', 'owner')).toContain('Only an owner');
    expect(asked('admin', 'owner', 'member')).toContain('Only an owner');
    expect(asked('admin', 'owner', null)).toContain('Only an owner');
    expect(asked('admin', 'admin', 'owner', { self: true })).toContain('Only an owner');
  });

  it.each(['maintainer', 'approver', 'member', 'auditor'] as const)('a %s changes nobody and may leave', (role) => {
    for (const target of orgRoles) {
      for (const to of [...orgRoles, null]) expect(asked(role, target, to)).not.toBeNull();
    }
    for (const to of orgRoles) expect(asked(role, role, to, { self: true })).not.toBeNull();
    expect(asked(role, role, null, { self: true })).toBeNull();
  });

  it.each(['owner', 'admin'] as const)('the last owner stays one, whatever the %s asks', (by) => {
    for (const to of [...orgRoles.filter((role) => role !== 'owner'), null]) {
      expect(asked(by, 'owner', to, { owners: 1, self: by === 'owner' })).toContain('last one');
    }
    expect(asked('owner', 'owner', 'owner', { owners: 1, self: true })).toBeNull();
  });
});

describe('the table of rights', () => {
  it('gives an owner everything, and nobody a role above his own', () => {
    for (const scope of Object.keys(rolesByScope) as Scope[])
      expect([scope, can('owner', scope)]).toEqual([scope, true]);
    for (const role of orgRoles) {
      if (role !== 'owner') expect(givenBy(role)).not.toContain('owner');
      expect(givenBy(role).length > 0).toBe(can(role, 'members:manage'));
    }
  });
});
