import type { AccessVerdict } from '../../server/domain/views/access-view.ts';
import type { Decider, VerdictWord } from '../../server/domain/policy/verdict.ts';
import { Mark, type Tone } from '../ui/mark.tsx';

const tones: Record<VerdictWord, Tone> = { allow: 'good', ask: 'needs-you', deny: 'bad' };
export const verdictWords: Record<VerdictWord, string> = { allow: 'allowed', ask: 'asked', deny: 'refused' };
const heads: Record<VerdictWord, string> = { allow: 'Allowed', ask: 'Asked', deny: 'Refused' };
const whose: Record<Decider, string> = {
  requester: 'requester',
  lead: 'a lead',
  owner: 'code owner',
  two: 'two people',
};

/** What is said, and whom it would be put to. */
export function VerdictMark({ verdict: { verdict, who } }: { verdict: AccessVerdict }) {
  return (
    <Mark tone={tones[verdict]} bare>
      {heads[verdict]}
      {who && <span className="font-normal text-ink-2">({whose[who]})</span>}
    </Mark>
  );
}

const layers: Record<AccessVerdict['layer'], string> = {
  platform: 'the platform',
  org: 'the org',
  repo: 'the repo',
  role: 'the role',
  task: 'the task',
};

/** Which rule speaks, whose it is and in which version. */
export function RuleName({ verdict: { rule, layer, version } }: { verdict: AccessVerdict }) {
  return (
    <span className="text-ink-3">
      <span className="font-mono">{rule}</span> of {layers[layer]}
      {version !== null && `, version ${version}`}
    </span>
  );
}
