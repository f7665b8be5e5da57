import type { RoleEdit } from '../roles/role-edit.ts';
import type { RoleBody } from '../roles/role-body.ts';

type RoleVersionView = {
  version: number;
  /** The whole of it as text, to be compared. */
  text: string;
  edit: RoleEdit;
  note: string;
  author: string | null;
  createdAt: string;
};

export type RoleView = {
  name: string;
  contract: RoleBody['contract'];
  tools: string[];
  agents: { name: string; retired: boolean }[];
  /** The newest first. */
  versions: RoleVersionView[];
};

export type RolesView = {
  roles: RoleView[];
  /** What the catalogue has that the org has not. */
  offered: { name: string; title: string; purpose: string; writes: string }[];
};
