import type { CommandWord } from '../deed.ts';
import { copiers, readers, speakers, writers } from './programs.ts';

/** Words of a command that name files, by what it does to them. */
type FilesOf = { reads: CommandWord[]; writes: CommandWord[] };

const isOption = (word: CommandWord) => word !== null && word.startsWith('-') && word !== '-';

/** The words behind the pattern or script that some programs take first. */
function files(args: readonly CommandWord[], before: number): CommandWord[] {
  const scripted = args.some((word) => word !== null && /^(?:-e|-f|--expression|--regexp|--file)$/u.test(word));
  return args.filter((word) => !isOption(word)).slice(scripted ? 0 : before);
}

const inPlace = (args: readonly CommandWord[]) =>
  args.some((word) => word !== null && /^(?:-[a-zA-Z]*i|--in-place)/u.test(word));

const inPlaceEditors = new Set(['sed', 'perl']);

/** `dd if=a of=b`. */
const operands = (args: readonly CommandWord[], name: string) =>
  args.flatMap((word) => (word?.startsWith(`${name}=`) ? [word.slice(name.length + 1)] : []));

/** `curl -o file`, `-d @file`, `-T file`. */
function curlFiles(args: readonly CommandWord[]): FilesOf {
  const at = (pattern: RegExp) =>
    args.flatMap((word, index) => (word !== null && pattern.test(word) ? [args[index + 1] ?? null] : []));
  const sent = args.flatMap((word) => /^(?:[^=@]*=)?@(.+)$/u.exec(word ?? '')?.[1] ?? []);
  return {
    reads: [...at(/^(?:-T|--upload-file|-K|--config|-b)$/u), ...sent],
    writes: at(/^(?:-o|--output|-O|--output-document)$/u),
  };
}

/** Which files a command names, as far as its words say. Lexical: the sandbox, not this, is what confines a command. */
export function filesOf(name: string, args: readonly CommandWord[]): FilesOf {
  if (speakers.has(name)) return { reads: [], writes: [] };
  if (inPlaceEditors.has(name) && inPlace(args)) return { reads: [], writes: files(args, 1) };
  if (name === 'curl' || name === 'wget') return curlFiles(args);
  if (name === 'dd') return { reads: operands(args, 'if'), writes: operands(args, 'of') };
  const named = Object.hasOwn(readers, name) ? files(args, readers[name]!) : [];
  if (copiers.has(name)) return { reads: named.slice(0, -1), writes: name === 'mv' ? named : named.slice(-1) };
  if (Object.hasOwn(writers, name)) return { reads: [], writes: files(args, writers[name]!) };
  return { reads: named, writes: [] };
}
