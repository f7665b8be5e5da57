import type { RolesView } from '../../server/domain/views/role-views.ts';

export type SideChoice = { role: string; roleVersion: number | null; policyVersion: number | null };
export type Choice = { repoId: string; taskId: string | null; one: SideChoice; other: SideChoice | null };
export type AccessInput = { repoId: string; taskId: string | null; sides: SideChoice[] };

export const newestOf = (role: string): SideChoice => ({ role, roleVersion: null, policyVersion: null });

export const inputOf = ({ repoId, taskId, one, other }: Choice): AccessInput => ({
  repoId,
  taskId,
  sides: other === null ? [one] : [one, other],
});

/** What to call the two sides where both are shown: as much as tells them apart. */
export function sideNames({ one, other }: Choice, { roles }: RolesView): string[] {
  const titleOf = (name: string) => roles.find((role) => role.name === name)?.versions[0]?.edit.title ?? name;
  if (other === null) return [titleOf(one.role)];
  const version = (of: string, value: number | null) => (value === null ? `newest ${of}` : `${of} ${value}`);
  return [one, other].map(({ role, roleVersion, policyVersion }) => {
    const parts = [titleOf(role)];
    if (one.role === other.role && one.roleVersion !== other.roleVersion) parts.push(version('version', roleVersion));
    if (one.policyVersion !== other.policyVersion) parts.push(version('policy', policyVersion));
    return parts.join(', ');
  });
}
