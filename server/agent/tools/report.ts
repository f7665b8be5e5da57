import { helperReport } from '../../domain/roles/helper-role.ts';
import { cleanText } from './clean-text.ts';
import { ok, tool } from './tool.ts';

export const report = tool({
  description:
    'Ends your run and gives your answer to the agent that asked. answer: what you found out, in words. findings: each ' +
    'statement with where it stands, as path:line, or the command that shows it. notFound: what you looked for in vain.',
  schema: helperReport,
  action: () => ({ kind: 'report' }),
  async run(_kit, { input }) {
    const events = [{ kind: 'run.reported' as const, payload: { body: cleanText(input) } }];
    return { ...ok('The answer is given. The run ends here.'), ends: { kind: 'concluded', events } };
  },
});
