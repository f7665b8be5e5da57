import { roleEdit, type RoleEdit } from '../roles/role-edit.ts';
import { roleName } from '../roles/role-name.ts';

/**
 * A role as a repo's file has it: what it does not say stays as it is. `from` is for a role that is not there yet: the one of the
 * org, or of the catalogue, whose kind, tools and servers it begins with. A file cannot name tools itself.
 */
export const roleFile = roleEdit.partial().extend({ from: roleName.optional() });

/** What is said of the role itself, without keys that are not. */
export const saidOf = ({ from: _from, ...file }: Partial<RoleEdit> & { from?: string | undefined }) =>
  Object.fromEntries(Object.entries(file).filter(([, value]) => value !== undefined)) as Partial<RoleEdit>;
