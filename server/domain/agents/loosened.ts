import type { AgentSettings } from './agent-settings.ts';

/** Of the versions of an agent's role: the newest, and the one that it is kept at so far. */
export type RoleVersions = { newest: number; kept: number | null };

/**
 * Whether an agent may be put at this version of its role without giving it back what people took away: at the newest, whichever
 * that is, and where it is already.
 */
export const isNoOlderVersion = (version: number | null, { newest, kept }: RoleVersions) =>
  version === null || version === newest || version === kept;

/** What another revision lets an agent do more, in sentences; none where it does nothing but narrow. Instructions widen nothing. */
export function loosened(before: AgentSettings, after: AgentSettings, newest: number): string[] {
  const said: string[] = [];
  if (before.repoId !== null && after.repoId !== before.repoId) {
    said.push(after.repoId === null ? 'it works in every repo of the org' : 'it works in another repo');
  }
  if (!isNoOlderVersion(after.roleVersion, { newest, kept: before.roleVersion })) {
    said.push(`it goes back to version ${after.roleVersion} of its role, of which ${newest} is the newest`);
  } else if (before.roleVersion === null && after.roleVersion !== null) {
    said.push(`it stays at version ${after.roleVersion} of its role and gets no newer one, a narrower one included`);
  } else if (before.repoId === null && after.repoId !== null && after.roleVersion !== null) {
    said.push(`in one repo it goes before the agents of all repos, at version ${after.roleVersion} of its role`);
  }
  if (after.maxRuns > before.maxRuns) said.push(`it has ${after.maxRuns} runs at once instead of ${before.maxRuns}`);
  if (after.secondsLimit > before.secondsLimit) {
    said.push(`it has ${after.secondsLimit / 60} minutes of run time a month instead of ${before.secondsLimit / 60}`);
  }
  return said;
}
