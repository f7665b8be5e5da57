import type { CommandWord } from '../deed.ts';
import { whyAwkHides, whyCodeHides, whySedHides } from './inline-code.ts';
import { editors, interpreters, runners, shells, wrappers } from './programs.ts';
import { hasCommands, whyCommandHides } from './publishing.ts';
import { baseName } from './words.ts';

/**
 * What else a simple command runs: other commands, scripts in its arguments, a script file, or its standard input. `hidden`
 * says why that cannot be told. `assigned` are the variables that a wrapper sets for it.
 */
export type Unwrapped = {
  commands: CommandWord[][];
  scripts: CommandWord[];
  file: CommandWord | undefined;
  readsInput: boolean;
  assigned: string[];
  hidden: string | null;
};

export const nothingInside: Unwrapped = {
  commands: [],
  scripts: [],
  file: undefined,
  readsInput: false,
  assigned: [],
  hidden: null,
};
const assignment = /^[A-Za-z_]\w*=/u;

/** The words behind a program's own options. */
function behindOptions(words: readonly CommandWord[], valued: readonly string[] = []): CommandWord[] {
  let at = 0;
  while (at < words.length) {
    const word = words[at];
    if (word === null || !word!.startsWith('-') || word === '-') break;
    at += valued.includes(word!) ? 2 : 1;
    if (word === '--') break;
  }
  return words.slice(at);
}

function unwrapWrapper(name: string, args: readonly CommandWord[]): Unwrapped {
  const { valued, skip = 0, assigns } = wrappers[name]!;
  if (name === 'command' && (args[0] === '-v' || args[0] === '-V')) return nothingInside;
  const behind = behindOptions(args, valued);
  const own = args.slice(0, args.length - behind.length);
  const script = name === 'env' ? splitString(own, behind) : scriptOption(name, own, behind);
  if (script !== undefined) return { ...nothingInside, scripts: [script] };
  const { assigned, rest } = withoutAssignments(behind, { assigns: assigns ?? false, skip });
  if (rest.length === 0) return { ...nothingInside, assigned };
  const filled = /^(?:xargs|parallel)$/u.test(name) && isFilled(rest, replacedIn(own));
  const hidden = filled ? `${name} makes the command out of its input` : null;
  return { ...nothingInside, commands: [rest], assigned, hidden };
}

function withoutAssignments(written: CommandWord[], { assigns, skip }: { assigns: boolean; skip: number }) {
  // `env - cmd` is `env -i cmd`.
  const words = assigns && written[0] === '-' ? written.slice(1) : written;
  const first = assigns ? words.findIndex((word) => word === null || !assignment.test(word)) : 0;
  const count = first < 0 ? words.length : first;
  return { assigned: words.slice(0, count).filter((word) => word !== null), rest: words.slice(count + skip) };
}

/** What xargs puts its input in the place of. */
const replacedIn = (own: readonly CommandWord[]) => optionOf(own, /^(?:-[Ii]|--replace)(?:=?(.+))?$/su)[0] ?? '{}';

/** Whether the input of xargs, or a name that find found, decides what is run. */
function isFilled([program = null, ...args]: CommandWord[], mark = '{}'): boolean {
  const isMade = (word: CommandWord | undefined) =>
    typeof word !== 'string' || word.includes('{}') || word.includes(mark);
  if (program === null || isMade(program) || /[{}]|^:::/u.test(program)) return true;
  const name = baseName(program);
  const takesCode = shells.has(name) || Object.hasOwn(interpreters, name) || Object.hasOwn(wrappers, name);
  if (!takesCode && !hasCommands(name)) return false;
  return isMade(args.find((word) => word !== null && !word.startsWith('-')));
}

/** `env -S 'words'`: they are read as words of another env, options and all. */
function splitString(own: readonly CommandWord[], behind: readonly CommandWord[]): CommandWord | undefined {
  const at = own.findIndex((word) => word !== null && /^(?:-\w*S|--split-string)/u.test(word));
  if (at < 0) return undefined;
  const attached = own[at]!.replace(/^(?:-\w*?S|--split-string=?)/u, '');
  const parts = [...(attached === '' ? [] : [attached]), ...own.slice(at + 1), ...behind];
  return parts.some((part) => part === null) ? null : `env ${parts.join(' ')}`;
}

/** `flock file -c 'cmd'`, `npx -c 'cmd'`: behind the program of its own, `-c` is that program's. */
function scriptOption(
  name: string,
  own: readonly CommandWord[],
  behind: readonly CommandWord[],
): CommandWord | undefined {
  if (name === 'flock') return behind[1] === '-c' || behind[1] === '--command' ? (behind[2] ?? null) : undefined;
  if (name !== 'npx' && name !== 'bunx') return undefined;
  return optionOf([...own, behind[0] ?? null], /^(?:-c|--call)(?:=(.*))?$/su)[0];
}

const startFiles = new Set(['--rcfile', '--init-file']);

type ShellOptions = { given: string; behind: CommandWord[]; hidden: string | null };

/** Options come first; `-o` and `-O`, also within a cluster as in `-euo pipefail`, each take a word of their own. */
function shellOptions(args: readonly CommandWord[]): ShellOptions {
  let given = '';
  let at = 0;
  for (; at < args.length; at += 1) {
    const word = args[at]!;
    if (word === null || !/^[-+]./u.test(word) || word === '--') break;
    if (startFiles.has(word)) return { given, behind: [], hidden: 'the shell reads another file first' };
    if (word.startsWith('--')) continue;
    given += word.slice(1);
    at += word.replaceAll(/[^o]/giu, '').length;
  }
  return { given, behind: args.slice(args[at] === '-' || args[at] === '--' ? at + 1 : at), hidden: null };
}

function unwrapShell(args: readonly CommandWord[]): Unwrapped {
  const { given, behind, hidden } = shellOptions(args);
  if (hidden !== null) return { ...nothingInside, hidden };
  const [first] = behind;
  if (given.includes('c')) return { ...nothingInside, scripts: [first ?? null] };
  if (given.includes('s') || first === undefined) return { ...nothingInside, readsInput: true };
  return first === null
    ? { ...nothingInside, hidden: 'what the shell runs only running it would tell' }
    : { ...nothingInside, file: first };
}

function unwrapInterpreter(name: string, args: readonly CommandWord[]): Unwrapped {
  const options = interpreters[name]!;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at];
    if (word === null) return { ...nothingInside, hidden: null, file: null };
    const [option, attached] = word!.startsWith('--') ? word!.split(/=(.*)/su) : [word!];
    if (options.includes(option!)) {
      const code = attached ?? args[at + 1] ?? null;
      // Code that is made on the spot is like code in a file: what it does, the sandbox bounds.
      if (code === null) return { ...nothingInside, file: null };
      return { ...nothingInside, hidden: whyCodeHides(name, code) };
    }
    if (word === '-') return { ...nothingInside, readsInput: true };
    if (word === '-m') return nothingInside;
    if (!word!.startsWith('-')) return { ...nothingInside, file: word };
  }
  return { ...nothingInside, readsInput: args.every((word) => word !== '--version' && word !== '-v' && word !== '-V') };
}

/** What find runs, for each of its actions. */
function unwrapFind(args: readonly CommandWord[]): Unwrapped {
  const commands: CommandWord[][] = [];
  for (let at = 0; at < args.length; at += 1) {
    if (!['-exec', '-execdir', '-ok', '-okdir'].includes(args[at] ?? '')) continue;
    const end = args.findIndex((word, index) => index > at && (word === ';' || word === '+'));
    const command = args.slice(at + 1, end < 0 ? undefined : end);
    commands.push(command.map((word, index) => (index === 0 && word?.includes('{}') ? null : word)));
  }
  const filled = commands.some((command) => isFilled(command));
  return { ...nothingInside, commands, hidden: filled ? 'find makes the command out of names' : null };
}

const optionOf = (args: readonly CommandWord[], pattern: RegExp): CommandWord[] =>
  args.flatMap((word, at) => {
    const match = word === null ? null : pattern.exec(word);
    return match ? [match[1] || (args[at + 1] ?? null)] : [];
  });

function firstProgram(args: readonly CommandWord[]): CommandWord {
  return behindOptions(args, ['-F', '-v', '-f', '--assign', '--field-separator'])[0] ?? '';
}

/** Programs with ways of their own to run others. */
const special: Record<string, (args: readonly CommandWord[]) => Partial<Unwrapped>> = {
  find: unwrapFind,
  eval: (args) => ({ scripts: [args.some((word) => word === null) ? null : args.join(' ')] }),
  trap: (args) => {
    const [action, ...signals] = behindOptions(args);
    return { scripts: action !== undefined && action !== '-' && signals.length > 0 ? [action] : [] };
  },
  alias: (args) => ({
    scripts: args.flatMap((word) =>
      word === null ? [null] : word.includes('=') ? [word.replace(/^[^=]*=/u, '')] : [],
    ),
  }),
  source: ([file = null]) => ({ file }),
  '.': ([file = null]) => ({ file }),
  enable: (args) => ({ hidden: args.includes('-f') ? 'it loads code into the shell' : null }),
  hash: (args) => ({ hidden: args.includes('-p') ? 'it makes a name stand for another program' : null }),
  su: (args) => ({ scripts: optionOf(args, /^(?:-c|--command)(?:=(.*))?$/su) }),
  runuser: (args) => ({ scripts: optionOf(args, /^(?:-c|--command)(?:=(.*))?$/su) }),
  script: (args) => ({ scripts: optionOf(args, /^(?:-\w*?c|--command=?)(.*)$/su) }),
  split: (args) => ({ scripts: optionOf(args, /^--fil\w*(?:=(.*))?$/su) }),
  sort: (args) => ({ scripts: optionOf(args, /^--comp[-\w]*(?:=(.*))?$/su) }),
  mapfile: (args) => ({ scripts: optionOf(args, /^-C(.*)$/su) }),
  readarray: (args) => ({ scripts: optionOf(args, /^-C(.*)$/su) }),
  compgen: (args) => ({ scripts: optionOf(args, /^-C(.*)$/su) }),
  rg: (args) => ({ scripts: optionOf(args, /^(?:--pre|--hostname-bin)(?:=(.*))?$/su) }),
  tar: (args) => ({
    scripts: optionOf(
      args,
      /^(?:-I|--use-compress-program|--to-command|--rsh-command|--info-script|--new-volume-script|-F)(?:=(.*))?$/su,
    ),
    hidden: args.some((word) => word?.startsWith('--checkpoint-action') && word.includes('exec'))
      ? 'tar runs a command at its checkpoints'
      : null,
  }),
  rsync: (args) => ({ scripts: optionOf(args, /^(?:-[a-zA-Z]*?e|--rsh=?|--rsync-path=?)(.*)$/su) }),
  zip: (args) => ({ scripts: optionOf(args, /^(?:-TT|--unzip-command)(?:=(.*))?$/su) }),
  ssh: () => ({ hidden: 'what it runs elsewhere cannot be seen' }),
  make: (args) => ({
    hidden: args.some((word) => word === null || /^(?:SHELL=|--eval|MAKEFLAGS=)/u.test(word))
      ? 'make is given another shell or rules'
      : null,
  }),
  sed: (args) => {
    const scripts = optionOf(args, /^(?:-\w*e|--expression)(?:=(.*))?$/su);
    const first = behindOptions(args, ['-e', '-f', '-E'])[0] ?? '';
    const all = scripts.length > 0 ? scripts : [first];
    return {
      hidden: all.map((each) => (each === null ? null : whySedHides(each))).find((why) => why !== null) ?? null,
    };
  },
};

const awk = (args: readonly CommandWord[]): Partial<Unwrapped> => {
  const program = firstProgram(args);
  return { hidden: program === null ? null : whyAwkHides(program) };
};
for (const name of ['awk', 'gawk', 'mawk', 'nawk']) special[name] = awk;

function runnerRest(name: string, args: readonly CommandWord[]): CommandWord[] | null {
  if (!Object.hasOwn(runners, name)) return null;
  const [first, ...rest] = behindOptions(args);
  if (typeof first !== 'string' || !runners[name]!.includes(first)) return null;
  const inner = name === 'corepack' ? [first, ...rest] : behindOptions(rest, ['-p', '--package', '--with', '--python']);
  return inner.length > 0 ? inner : null;
}

/** Takes a command apart that runs others. `words` begins with the program. */
export function unwrap(words: readonly CommandWord[]): Unwrapped {
  // `npm exec -c 'a b'`, `watch 'a b'`: a program that holds blanks is a script.
  if (/\s/u.test(words[0] ?? '')) return { ...nothingInside, scripts: [words.includes(null) ? null : words.join(' ')] };
  const inner = unwrapped(words);
  const isInput = typeof inner.file === 'string' && /^\/(?:dev\/stdin|(?:dev|proc\/self)\/fd\/0)$/u.test(inner.file);
  return isInput ? { ...inner, file: undefined, readsInput: true } : inner;
}

function unwrapped(words: readonly CommandWord[]): Unwrapped {
  const [program, ...args] = words;
  if (program === null || program === undefined)
    return { ...nothingInside, hidden: 'which program it is only running it would tell' };
  const name = baseName(program);
  if (Object.hasOwn(wrappers, name)) return unwrapWrapper(name, args);
  if (shells.has(name)) return unwrapShell(args);
  const version = /^(python|node|ruby|perl|php|lua)[\d.]+$/u.exec(name)?.[1];
  if (Object.hasOwn(interpreters, name) || version) return unwrapInterpreter(version ?? name, args);
  if (editors.has(name)) return { ...nothingInside, hidden: 'an editor runs what it is told' };
  const inner = runnerRest(name, args);
  if (inner) return { ...nothingInside, commands: [inner] };
  if (Object.hasOwn(special, name)) return { ...nothingInside, ...special[name]!(args) };
  return { ...nothingInside, hidden: whyCommandHides(words) };
}
