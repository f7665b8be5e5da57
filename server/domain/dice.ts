import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
// Others are not mixed by their seed: the first number of every small one is the same.
import { mersenne } from 'pure-rand/generator/mersenne';

/** Numbers in [0, 1) from a seed: the same ones on every machine, for ever. */
export function dice(seed: number): () => number {
  const generator = mersenne(seed);
  return () => uniformFloat64(generator);
}
