import { reply } from '../server/agent/testing/scripted-model.ts';
import type { ModelPort } from '../server/domain/ports/model.ts';

/** Answers at once, each time with one shell call of `true`; no two are the same, or the run would count as stuck. */
export function readyModel(): ModelPort {
  let turn = 0;
  return {
    async complete(_request, { onText }) {
      turn += 1;
      const answer = reply(`turn-${turn}`, [['shell', { command: `true ${turn}` }]]);
      for (const block of answer.content) if (block.type === 'text') onText?.(block.text);
      return answer;
    },
  };
}
