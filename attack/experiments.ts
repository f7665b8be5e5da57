import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../server/domain/errors.ts';
import { groups } from './groups.ts';
import { sandboxLayers, weakened } from './layers.ts';
import { ours } from './subjects/ours.ts';

/** What the cases came to with some layers gone. `refused`: the sandbox did not open, in its own words. */
export type Experiment = {
  without: string[];
  refused: string | null;
  attempts: number;
  red: string[];
  escapes: string[];
};

const tried = ['sandbox', 'network'];

/** Tries the cases that cannot hurt the machine on sandboxes without the named layers. */
export async function tryWithout(root: string, without: string[], only?: string): Promise<Experiment> {
  const result: Experiment = { without, refused: null, attempts: 0, red: [], escapes: [] };
  for (const name of tried) {
    try {
      const verdicts = await groups[name]!({
        root: mkdtempSync(join(root, 'without-')),
        subject: (dataDir) => ours(dataDir, weakened(without)),
        chosen: ({ id, perilous, slow }) => !perilous && !slow && (only === undefined || id === only),
      });
      result.attempts += verdicts.length;
      for (const { id, escapes, answered, twinPassed } of verdicts) {
        if (escapes.length > 0) result.escapes.push(id);
        else if (!answered || !twinPassed) result.red.push(id);
      }
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'sandbox_unavailable') throw error;
      result.refused = error.message.split('\n')[0] ?? '';
    }
  }
  return result;
}

/**
 * Every layer taken away alone, which must be noticed and let nothing out; then together with the look from outside that
 * stands behind all of them, which shows whether the cases see what the layer is there for.
 */
export async function tryLayers(root: string, report: (line: string) => void): Promise<boolean> {
  let good = true;
  report(`${'without'.padEnd(22)}${'alone'.padEnd(58)}and without the proof`);
  for (const layer of Object.keys(sandboxLayers)) {
    const alone = await tryWithout(root, [layer]);
    const bare = layer === 'proof' ? null : await tryWithout(root, [layer, 'proof']);
    good &&= alone.escapes.length === 0 && (alone.refused !== null || alone.red.length > 0);
    report(`${layer.padEnd(22)}${inWords(alone).padEnd(58)}${bare === null ? '–' : inWords(bare)}`);
  }
  return good;
}

export function inWords({ refused, red, escapes, attempts }: Experiment): string {
  if (refused !== null)
    return cut(`opens nothing: ${refused.replace(/^.*Missing: |^The sandbox did not start: /u, '')}`);
  const reds =
    red.length === 0
      ? 'nothing red'
      : `red: ${red.slice(0, 2).join(', ')}${red.length > 2 ? ` +${red.length - 2}` : ''}`;
  const outs =
    escapes.length === 0
      ? '0 escapes'
      : `${escapes.length} ESCAPES: ${escapes.slice(0, 3).join(', ')}${escapes.length > 3 ? ' …' : ''}`;
  return cut(`${attempts} tried, ${outs}, ${reds}`);
}

const cut = (text: string) => (text.length > 96 ? `${text.slice(0, 95)}…` : text);
