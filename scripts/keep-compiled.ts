import { join } from 'node:path';

/**
 * Has Node keep what it compiled, with the types stripped, for whatever is started from here on: a run of the tests
 * starts hundreds of processes of the same sources.
 */
export function keepCompiled(): void {
  // eslint-disable-next-line no-restricted-properties -- handed on, not read
  process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '..', '.cache', 'compiled');
}
