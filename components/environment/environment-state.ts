import type { EnvironmentCheckView } from '../../server/domain/views/repo-views.ts';
import type { State } from '../status/status.ts';

const states = {
  queued: { tone: 'waiting', word: 'Queued' },
  running: { tone: 'running', word: 'Being checked' },
  passed: { tone: 'good', word: 'Works' },
  failed: { tone: 'bad', word: 'Broken' },
} as const satisfies Record<EnvironmentCheckView['status'], State>;

const unchecked: State = { tone: 'stopped', word: 'Not checked yet' };
const outdated: State = { tone: 'doubtful', word: 'Checked with other commands' };

/** The state of a repo's environment by its last check. */
export function environmentState(check: EnvironmentCheckView | null): State {
  if (check === null) return unchecked;
  return check.current || check.endedAt === null ? states[check.status] : outdated;
}
