import type { CommandTrait, CommandWord } from '../deed.ts';
import { addedBy } from './adding.ts';
import { isInstalled } from './input.ts';
import { toolChain } from './programs.ts';
import { isPublishing } from './publishing.ts';
import { baseName } from './words.ts';

type Own = readonly (readonly string[])[];

const startsWith = (words: readonly CommandWord[], first: readonly string[]) =>
  first.every((word, at) => word === words[at]);

/** The list into which a command puts a name; null where it goes into none, undefined where the command adds nothing. */
export function addedTo(words: readonly CommandWord[], own: Own): string | null | undefined {
  // To the last word: `npm install` of the repo's set-up is not `npm install x`.
  const isOwn = own.some((each) => each.length === words.length && startsWith(words, each));
  return isOwn ? undefined : addedBy(words);
}

/** What the words of a command say it is, by themselves. */
export function namedTraits(words: readonly CommandWord[], own: Own): CommandTrait[] {
  const [program] = words;
  const traits: CommandTrait[] = [];
  if (addedTo(words, own) === null) traits.push('download-and-run');
  if (isPublishing(words)) traits.push('publishes');
  if (own.some((each) => startsWith(words, each))) traits.push('repo-command');
  if (program && isInstalled(program) && toolChain.has(baseName(program))) traits.push('tool-chain');
  return traits;
}
