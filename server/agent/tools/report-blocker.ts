import { z } from 'zod';
import { putToPeople } from './put-to-people.ts';
import { tool } from './tool.ts';

const schema = z.strictObject({
  what: z.string().min(1).max(1000).describe('What stops you, with the exact message you saw'),
  needs: z.string().min(1).max(500).describe('What must happen before you can go on, and who could do it'),
  tried: z.array(z.string().min(1).max(300)).max(10).optional().describe('What you tried already'),
});

export const reportBlocker = tool({
  description:
    'Says that you cannot go on until something outside this run happens, such as a missing tool, a broken environment or ' +
    'access that nobody can open from here. A person is told; the run waits, free of charge, until the blocker is cleared.',
  schema,
  action: () => ({ kind: 'ask_person' }),
  run(kit, { input: { what, needs, tried = [] }, callId, signal }) {
    return putToPeople(kit, { request: { kind: 'blocker', what, needs, tried }, callId, signal });
  },
});
