import type { Stuck } from './stuck.ts';

const opening = 'You seem to be stuck';

export function isStuckNotice(text: string): boolean {
  return text.startsWith(opening);
}

/** Told once; the next time the run ends. */
export function stuckNotice({ words }: Stuck, { mayAsk }: { mayAsk: boolean }): string {
  const asking = mayAsk ? 'put it to a person with ask_person, or ' : '';
  return (
    `${opening}: ${words} Step back: say what you know and what you assumed, then take another way. If you cannot go on, ` +
    `${asking}finish with your final tool and say plainly what is not done. If this goes on, ` +
    'the run is stopped.'
  );
}
