import type { Case } from '../case.ts';
import type { PolicyPlace } from '../places/policy-place.ts';

/** Ways to have `tac token` run where a rule refuses `tac`. The twin does what is alike and may. */
export type Trick = {
  id: string;
  tries: string;
  command: string;
  rule?: string;
  twin: string;
  does: string;
  shows: RegExp;
};

export const trick = ({ id, tries, command, rule = 'no-tac', twin, does, shows }: Trick): Case<PolicyPlace> => ({
  id: `command-${id}`,
  tries,
  attack: (place) => place.call('shell', { command }),
  answer: rule === 's4-unreadable' ? /^ask by s4-unreadable$/u : /^(?:deny|ask) by /u,
  denial: rule,
  twin: { does, run: (place) => place.call('shell', { command: twin }), answer: shows },
});

export const unreadable = 's4-unreadable';
export const unread = 'f8-unread';
export const said = (text: string) => new RegExp(`^allow; exited 0\\n${text}\\n$`, 'u');
export const mine = said('mine');
