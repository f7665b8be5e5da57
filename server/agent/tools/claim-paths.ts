import { z } from 'zod';
import { failed, ok, tool } from './tool.ts';

const schema = z.strictObject({
  paths: z
    .array(z.string().min(1).max(300))
    .min(1)
    .max(20)
    .describe('Files, folders or globs below a folder, e.g. src/api/** or docs/api.md'),
});

export const claimPaths = tool({
  description:
    'Reserves paths for your task, so that no other task of this repository edits them meanwhile: all of them or none. The ' +
    'answer says who holds what you cannot have, and until when. It lasts four hours and over rework; claim again to keep ' +
    'it longer. Claim just what you are about to edit. It opens nothing that is outside your scope.',
  schema,
  action: () => ({ kind: 'claim_paths' }),
  async run({ desk }, { input: { paths }, callId, signal }) {
    const answer = await desk.claim({ callId, paths, signal });
    return answer.kind === 'held' ? ok(answer.text) : failed(answer.text);
  },
});
