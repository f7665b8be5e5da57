import { reviewDecision } from '../../domain/roles/role-body.ts';
import { cleanText } from './clean-text.ts';
import { failed, ok, tool } from './tool.ts';

export const decide = tool({
  description:
    'Ends the run with your decision on the commit under review. approve, or changes_requested with at least one must ' +
    'finding. Each finding names a path and line of the change, what is wrong, and the evidence you produced. At most ten ' +
    'findings. notReviewed: what you did not look at.',
  schema: reviewDecision,
  action: () => ({ kind: 'decide' }),
  async run({ desk }, { input, callId, signal }) {
    const answer = await desk.decide({ callId, body: cleanText(input), signal });
    if (answer.kind === 'refused') return failed(answer.text);
    return {
      ...ok('The decision is recorded. The run ends here.'),
      ends: { kind: 'concluded', events: answer.events },
    };
  },
});
