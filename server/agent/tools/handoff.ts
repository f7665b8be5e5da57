import { buildHandoff } from '../../domain/roles/role-body.ts';
import { cleanText } from './clean-text.ts';
import { failed, ok, tool } from './tool.ts';

export const handoff = tool({
  description:
    'Ends the run and hands your change over: the platform records the work tree as a commit, runs the tests itself and has ' +
    'the commit reviewed. summary: what changed, at most 600 characters. decisions: what you chose and why. claims: each ' +
    'statement with, as evidence, the exact command you ran or the path of the file you viewed or wrote that shows it: the ' +
    'platform looks the call up and refuses a claim without one. notDone: what is missing. answers: how ' +
    'each finding of a review was met, by its id.',
  schema: buildHandoff,
  action: () => ({ kind: 'handoff' }),
  async run({ desk }, { input, callId, signal }) {
    const answer = await desk.handoff({ callId, body: cleanText(input), signal });
    if (answer.kind === 'refused')
      return { ...failed(answer.text), ...(answer.events ? { events: answer.events } : {}) };
    return {
      ...ok('The hand-off is accepted. The run ends here.'),
      ends: { kind: 'concluded', events: answer.events },
    };
  },
});
