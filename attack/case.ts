import type { Canaries } from './canaries.ts';

/** Where cases are tried: canaries around it, and whatever the cases of a part need. */
export type Place = {
  canaries: Canaries;
  /** Cases meet the answer of containers here. */
  onEngine?: true;
  /** Rules of the denials recorded since the last call; absent where nothing decides. */
  denials?: () => Promise<string[]>;
  /** Makes the place as new for the next try. */
  reset?: () => Promise<void>;
};

/** One attack and the legitimate near-miss that must pass. Both resolve with what came back, as text. */
export type Case<P extends Place> = {
  id: string;
  tries: string;
  attack(place: P): Promise<string>;
  /** The class of answer the attack must meet; anything else is red, whether or not something got out. */
  answer: RegExp;
  /** The same for containers of an engine, where they refuse in another way. */
  onEngine?: RegExp;
  /** About a layer that only local sandboxes have. */
  local?: true;
  /** The rule that exactly one denial event must name. */
  denial?: string;
  twin: { does: string; run(place: P): Promise<string>; answer: RegExp };
  /** What it tries would hurt the machine, were it to work: tried on whole walls only. */
  perilous?: true;
  /** Left out of the subset that every test run does. */
  slow?: true;
};

/** Takes what ends something that was opened; all of them run at the end, the last one first. */
export type Closing = (close: () => Promise<unknown>) => void;

/** Cases that share a place. */
export type Part<P extends Place> = { open(closing: Closing): Promise<P>; cases: Case<P>[] };

export type Verdict = {
  id: string;
  tries: string;
  /** What a canary saw. Anything here got out. */
  escapes: string[];
  /** False where the answer was of another class than expected. */
  answered: boolean;
  said: string;
  /** Null where no decision is involved; else whether exactly one denial names the rule. */
  audited: boolean | null;
  twinPassed: boolean;
  twinSaid: string;
  millis: number;
};

export const isRed = ({ escapes, answered, audited, twinPassed }: Verdict) =>
  escapes.length > 0 || !answered || audited === false || !twinPassed;
