import type { Case, Closing, Part, Place, Verdict } from './case.ts';
import type { Chosen } from './groups.ts';

/** Opens the part's place, tries its cases one after the other, and closes what was opened. */
export async function tryPart<P extends Place>(part: Part<P>, chosen: (one: Chosen) => boolean): Promise<Verdict[]> {
  const cases = part.cases.filter(chosen);
  if (cases.length === 0) return [];
  const closers: (() => Promise<unknown>)[] = [];
  const closing: Closing = (close) => closers.push(close);
  try {
    const place = await part.open(closing);
    const verdicts: Verdict[] = [];
    for (const one of cases) verdicts.push(await tryCase(place, one));
    return verdicts;
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

async function tryCase<P extends Place>(place: P, one: Case<P>): Promise<Verdict> {
  const started = performance.now();
  await place.reset?.();
  await place.canaries.look();
  await place.denials?.();
  const said = await answerOf(() => one.attack(place));
  const seen = await place.canaries.look();
  const denials = (await place.denials?.()) ?? [];
  await place.reset?.();
  await place.canaries.look();
  const twinSaid = await answerOf(() => one.twin.run(place));
  const twinSeen = await place.canaries.look();
  const twinDenials = (await place.denials?.()) ?? [];
  const leaked = place.canaries.secretsIn(said).map((name) => `its secret was read: ${name}`);
  return {
    id: one.id,
    tries: one.tries,
    escapes: [...seen, ...leaked],
    answered: answerAt(place, one).test(said),
    said,
    audited: one.denial === undefined ? null : denials.length === 1 && denials[0] === one.denial,
    twinPassed: one.twin.answer.test(twinSaid) && twinSeen.length === 0 && twinDenials.length === 0,
    twinSaid,
    millis: Math.round(performance.now() - started),
  };
}

function answerAt<P extends Place>({ onEngine }: P, one: Case<P>): RegExp {
  return (onEngine && one.onEngine) ?? one.answer;
}

/** A refusal that is thrown is an answer: its code, then its words. */
async function answerOf(run: () => Promise<string>): Promise<string> {
  try {
    return await run();
  } catch (error) {
    const { code = 'error', message = String(error) } = error as { code?: string; message?: string };
    return `${code}: ${message}`;
  }
}
