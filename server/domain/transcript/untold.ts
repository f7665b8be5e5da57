import type { RunEventKind } from '../events/run-events.ts';
import type { Transcript } from './transcript.ts';

const same = (before: Transcript) => before;

/** Events that the agent is told nothing of. */
export const untold = {
  'scope.granted': same,
  'action.judged': same,
  'policy.changed': same,
  'work.restored': same,
  'commit.recorded': same,
  'sandbox.opened': same,
  'network.requested': same,
} satisfies { [K in RunEventKind]?: typeof same };
