import type { CommandWord } from '../deed.ts';
import { readScript, type ShellFacts } from './read-script.ts';

/** The simple commands of a repository's own commands, as words. */
export function ownCommands(own: readonly string[]): string[][] {
  const nothing: ShellFacts = { own: [], offline: true, downloaded: new Set() };
  const isKnown = (words: readonly CommandWord[]): words is string[] => words.length > 0 && !words.includes(null);
  return own.flatMap((command) =>
    readScript(command, nothing).deeds.flatMap((deed) =>
      deed.on === 'command' && isKnown(deed.words) ? [deed.words] : [],
    ),
  );
}
