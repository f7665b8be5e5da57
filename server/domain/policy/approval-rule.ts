import { z } from 'zod';
import { can, type OrgRole } from '../authz/scopes.ts';

/** What else can wait for approval: what lets an agent do more, and what is allowed of MCP servers. */
export const besides = ['agents', 'tools'] as const;
export type Beside = (typeof besides)[number];

/** Who besides its author has to approve a version of the policy or of a role before it counts. */
export const approvalRule = z
  .strictObject({
    by: z.enum(['admins', 'owners', 'team']),
    /** The team's name, for `by: team`. */
    team: z.string().trim().min(1).max(60).optional(),
    /** `at-once`: a version that does nothing but refuse more counts without being approved. */
    tightening: z.enum(['at-once']).optional(),
    /** What waits besides versions of policies and roles; by the preset where nothing is written. */
    also: z.array(z.enum(besides)).max(besides.length).optional(),
  })
  .superRefine(({ by, team }, context) => {
    if ((by === 'team') === (team !== undefined)) return;
    const message = by === 'team' ? 'Say which team: `team: NAME`.' : '`team` is for `by: team`.';
    context.addIssue({ code: 'custom', path: ['team'], message });
  });
export type ApprovalRule = z.infer<typeof approvalRule>;

/** What a policy says of approval, with the preset that it begins with. */
export type ApprovalPart = { approval?: ApprovalRule | undefined; preset?: string | undefined };

/** What waits besides versions of policies and roles. Where nothing is written everything does, but under the preset that leaves most to agents. */
export function approvedBesides({ approval, preset }: ApprovalPart): readonly Beside[] {
  if (approval === undefined) return [];
  return approval.also ?? (preset === 'autonomous' ? [] : besides);
}

export type Approver = { userId: string; role: OrgRole; teams: readonly string[] };

const isOwner = ({ role }: Approver) => can(role, 'org:own');

function isNamed(rule: ApprovalRule | null, person: Approver): boolean {
  if (rule === null) return can(person.role, 'org:configure');
  if (rule.by === 'owners') return isOwner(person);
  if (rule.by === 'admins') return can(person.role, 'org:configure');
  const team = rule.team?.toLowerCase();
  return can(person.role, 'approvals:decide') && person.teams.some((name) => name.toLowerCase() === team);
}

type Asked = { rule: ApprovalRule | null; authorId: string; members: readonly Approver[] };

/**
 * Those who may approve what `authorId` wrote; never himself. Where nobody else is named by the rule (a team that is empty or
 * gone), the other owners of the org. Where there are none it waits until there is somebody.
 */
export function whoApproves({ rule, authorId, members }: Asked): Approver[] {
  const others = members.filter(({ userId }) => userId !== authorId);
  const named = others.filter((each) => isNamed(rule, each));
  return named.length > 0 ? named : others.filter(isOwner);
}

/** "another admin or owner of the org": whom a rule names, for sentences. */
export function approverWords(rule: ApprovalRule | null): string {
  if (rule?.by === 'owners') return 'another owner of the org';
  if (rule?.by === 'team') return `somebody else of the team ${rule.team}`;
  return 'another admin or owner of the org';
}

/** What a policy says of who approves the next version, as a sentence. */
export function approvalInWords(policy: ApprovalPart): string {
  const { approval: rule } = policy;
  if (rule === undefined) return 'Versions count as soon as they are saved: nobody else has to approve them.';
  const atOnce = rule.tightening === 'at-once' ? ' What only refuses more counts at once.' : '';
  const waiting = approvedBesides(policy);
  const also = besides.filter((each) => waiting.includes(each)).map((each) => besideWords[each]);
  const rest =
    also.length === 0
      ? 'Agents and tools of MCP servers are set without that.'
      : `So does ${also.join(', and so does ')}.`;
  return `Versions of the policy and of roles count when ${approverWords(rule)} has approved them. ${rest}${atOnce}`;
}

const besideWords: Record<Beside, string> = {
  agents:
    'what lets an agent do more (another place, an older version of its role, more runs or run time, another agent)',
  tools: 'what is allowed of MCP servers',
};
