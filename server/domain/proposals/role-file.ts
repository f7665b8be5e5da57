import { roleEdit, type RoleEdit } from '../roles/role-edit.ts';

/** A role as a repo's file has it: what it does not say stays as it is. */
export const roleFile = roleEdit.partial();

/** What is said, without keys that are not. */
export const saidOf = (file: Partial<RoleEdit>) =>
  Object.fromEntries(Object.entries(file).filter(([, value]) => value !== undefined)) as Partial<RoleEdit>;
