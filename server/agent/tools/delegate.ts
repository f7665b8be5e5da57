import { delegation } from '../../domain/roles/helper-role.ts';
import { cleanText } from './clean-text.ts';
import { failed, ok, tool } from './tool.ts';

export const delegate = tool({
  description:
    'Has a helper answer a question about the repository in a run of its own, so that what it reads does not fill your ' +
    'conversation. It sees your work tree as it is now, changes nothing of it, and has your rights or less. It uses up to ' +
    'share_percent of the money and time you have left. You wait for its answer, which costs you no time of your own. It ' +
    'knows nothing of your conversation: say all that it needs. Only for questions that take many steps to answer.',
  schema: delegation,
  action: () => ({ kind: 'delegate' }),
  async run({ desk }, { input, callId, signal }) {
    const answer = await desk.delegate({ callId, body: cleanText(input), signal });
    if (answer.kind === 'refused') return failed(answer.text);
    if (answer.kind === 'answered') return answer.isError ? failed(answer.text) : ok(answer.text);
    return { ...ok('A helper is on it.'), ends: { kind: 'waiting', on: answer.on, waits: answer.waits } };
  },
});
