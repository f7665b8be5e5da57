import {
  Bot,
  FolderGit2,
  GitPullRequest,
  Hand,
  LayoutDashboard,
  ListTodo,
  ScrollText,
  Settings,
  type LucideIcon,
} from 'lucide-react';
import { can, type OrgRole, type Scope } from '../../server/domain/authz/scopes.ts';

export type Place = { segment: string; label: string; icon: LucideIcon; scope: Scope };

/** The pages of an org, in the order of the rail. A page that does not exist is not in it. */
const places: readonly Place[] = [
  { segment: '', label: 'Board', icon: LayoutDashboard, scope: 'tasks:read' },
  { segment: 'tasks', label: 'Tasks', icon: ListTodo, scope: 'tasks:read' },
  { segment: 'changes', label: 'Changes', icon: GitPullRequest, scope: 'tasks:read' },
  { segment: 'approvals', label: 'Approvals', icon: Hand, scope: 'approvals:read' },
  { segment: 'agents', label: 'Agents', icon: Bot, scope: 'org:read' },
  { segment: 'repos', label: 'Repos', icon: FolderGit2, scope: 'repos:read' },
  { segment: 'audit', label: 'Audit', icon: ScrollText, scope: 'audit:verify' },
  { segment: 'settings', label: 'Settings', icon: Settings, scope: 'org:read' },
];

/** The places a role may open; none while the role is not known. */
export function placesFor(role: OrgRole | undefined): Place[] {
  return places.filter((place) => role !== undefined && can(role, place.scope));
}

export function placeHref(org: string, segment: string): string {
  return segment === '' ? `/${org}` : `/${org}/${segment}`;
}

/** The place a path belongs to; a run belongs to its task. */
export function placeOf(org: string, pathname: string): Place | undefined {
  const segment = pathname.slice(`/${org}`.length).split('/')[1] ?? '';
  return places.find((place) => place.segment === (segment === 'runs' ? 'tasks' : segment));
}
