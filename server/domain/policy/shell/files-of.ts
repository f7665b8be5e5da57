import type { CommandWord } from '../deed.ts';
import { baseName } from './words.ts';
import { copiers, readers, speakers, writers } from './programs.ts';

/** Words of a command that name files, by what it does to them. */
type FilesOf = { reads: CommandWord[]; writes: CommandWord[] };

const isOption = (word: CommandWord) => word !== null && word.startsWith('-') && word !== '-';

/** The words behind the pattern or script that some programs take first. */
function files(args: readonly CommandWord[], before: number): CommandWord[] {
  const scripted = args.some(
    (word) => word !== null && /^(?:-[a-zA-LN-Z]*[ef]|--(?:expression|regexp|file)(?:=|$))/u.test(word),
  );
  return args.filter((word) => !isOption(word)).slice(scripted ? 0 : before);
}

const inPlace = (args: readonly CommandWord[]) =>
  args.some((word) => word !== null && /^(?:-[a-zA-Z]*i|--in-place)/u.test(word));

const inPlaceEditors = new Set(['sed', 'perl', 'ruby', 'yq']);

/** Values of an option, attached or in the next word. */
const valuesOf = (args: readonly CommandWord[], option: RegExp) =>
  args.flatMap((word, at) => {
    const match = word === null ? null : option.exec(word);
    return match ? [match[1] || (args[at + 1] ?? null)] : [];
  });

/** `cp a b`, `cp a folder/`, `cp -t folder a`: into a folder a file goes under its own name. */
function copied(name: string, args: readonly CommandWord[], named: readonly CommandWord[]): FilesOf {
  const [into] =
    name === 'rsync' || name === 'scp' ? [] : valuesOf(args, /^(?:-[a-zA-Z]*?t|--target-directory=?)(.*)$/su);
  const target = into ?? named.at(-1) ?? null;
  const sources = into === undefined ? named.slice(0, -1) : named.filter((word) => word !== into);
  const isFolder = into !== undefined || (target !== null && /(?:^|\/)(?:\.{0,2})$/u.test(target));
  const placed = isFolder ? sources.map((word) => word && `${target}/${baseName(word)}`) : [];
  return { reads: sources, writes: [target, ...placed, ...(name === 'mv' ? sources : [])] };
}

/** `dd if=a of=b`. */
const operands = (args: readonly CommandWord[], name: string) =>
  args.flatMap((word) => (word?.startsWith(`${name}=`) ? [word.slice(name.length + 1)] : []));

/** `curl -o file`, `-d @file`, `-T file`. */
function curlFiles(args: readonly CommandWord[]): FilesOf {
  const sent = args.flatMap((word) => /^(?:(?:-d|[^=@]*=))?@(.+)$/u.exec(word ?? '')?.[1] ?? []);
  return {
    reads: [...valuesOf(args, /^(?:-[a-zA-Z]*?[TK]|-b|--upload-file|--config)(.*)$/su), ...sent],
    writes: valuesOf(args, /^(?:-[a-zA-Z]*?[oO]|--output(?:-document)?)(?:=?(.*))$/su),
  };
}

/** Without the patterns and scripts that stand behind `-e`. */
const withoutScripts = (args: readonly CommandWord[]) =>
  args.filter((_word, at) => !/^(?:-[a-zA-LN-Z]*e|--regexp|--expression)$/u.test(args[at - 1] ?? ''));

/** Which files a command names, as far as its words say. Lexical: the sandbox, not this, is what confines a command. */
export function filesOf(name: string, written: readonly CommandWord[]): FilesOf {
  const args = /^(?:[ef]?grep|rg|sed|perl)$/u.test(name) ? withoutScripts(written) : written;
  if (speakers.has(name)) return { reads: [], writes: [] };
  if (inPlaceEditors.has(name) && inPlace(args)) return { reads: [], writes: files(args, 1) };
  if (name === 'curl' || name === 'wget') return curlFiles(args);
  if (name === 'dd') return { reads: operands(args, 'if'), writes: operands(args, 'of') };
  const named = Object.hasOwn(readers, name) ? files(args, readers[name]!) : [];
  if (copiers.has(name)) return copied(name, args, named);
  if (name === 'sort') return { reads: named, writes: valuesOf(args, /^(?:-[a-zA-Z]*?o|--output=?)(.*)$/su) };
  if (Object.hasOwn(writers, name)) return { reads: [], writes: files(args, writers[name]!) };
  return { reads: named, writes: [] };
}
