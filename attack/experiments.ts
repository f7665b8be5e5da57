import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../server/domain/errors.ts';
import { lacking, layers } from './all-layers.ts';
import { isRed } from './case.ts';
import { parts } from './groups.ts';
import { ours } from './subjects/ours.ts';

/** What the cases came to with some layers gone. `refused`: the sandbox did not open, in its own words. */
export type Experiment = {
  without: string[];
  refused: string | null;
  attempts: number;
  red: string[];
  escapes: string[];
};

/** Tries the cases that cannot hurt the machine without the named layers: those of the parts that the first stands behind. */
export async function tryWithout(root: string, without: string[], only?: string): Promise<Experiment> {
  const result: Experiment = { without, refused: null, attempts: 0, red: [], escapes: [] };
  const { sandbox, git } = lacking(without);
  for (const name of layers[without[0]!]!.tried) {
    try {
      const verdicts = await parts[name]!.run({
        root: mkdtempSync(join(root, 'without-')),
        git,
        sandbox,
        subject: (dataDir) => ours(dataDir, sandbox),
        chosen: ({ id, perilous, slow }) => !perilous && !slow && (only === undefined || id === only),
      });
      result.attempts += verdicts.length;
      for (const verdict of verdicts) {
        if (verdict.escapes.length > 0) result.escapes.push(verdict.id);
        else if (isRed(verdict)) result.red.push(verdict.id);
      }
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'sandbox_unavailable') throw error;
      result.refused = error.message.split('\n')[0] ?? '';
    }
  }
  return result;
}

/**
 * Every layer taken away alone, which must be noticed and let nothing out; then together with what stands behind it, which
 * shows whether the cases see what the layer is there for.
 */
export async function tryLayers(root: string, asked: string[], report: (line: string) => void): Promise<boolean> {
  let good = true;
  report(`${'without'.padEnd(22)}${'alone'.padEnd(58)}and without what stands behind it`);
  for (const [layer, { behind, tried }] of Object.entries(layers)) {
    if (asked.length > 0 && !tried.some((part) => asked.includes(parts[part]!.group))) continue;
    const alone = await tryWithout(root, [layer]);
    const bare = behind.length === 0 ? null : await tryWithout(root, [layer, ...behind]);
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
