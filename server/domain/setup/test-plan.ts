import { compileGlobs } from '../scope/glob.ts';
import type { RepoSetup } from './repo-setup.ts';

/** The test commands for a change that touches `paths`; null is everything, as on the base. */
export function testCommands(
  { testCommand, setup }: { testCommand: string; setup: RepoSetup },
  paths: readonly string[] | null,
): string[] {
  const more = setup.tests.filter((test) => paths === null || paths.some(compileGlobs(test.paths)));
  return [...new Set([testCommand, ...more.map(({ command }) => command)])];
}
