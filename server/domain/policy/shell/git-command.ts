import type { CommandWord } from '../deed.ts';

/** What one git command comes to: `words` without git's own options; `scripts` are commands that it runs itself. */
export type GitReading = {
  words: CommandWord[];
  scripts: CommandWord[];
  settings: boolean;
  hidden: string | null;
  push: { act: 'push' | 'force' | 'tag'; ref: string } | null;
};

const valued = new Set([
  '-C',
  '-c',
  '--git-dir',
  '--work-tree',
  '--namespace',
  '--config-env',
  '--attr-source',
  '--exec-path',
]);

/** Settings that hold a command, or change where git's commands come from. */
const executing =
  /^(?:alias\.|core\.(?:pager|editor|sshcommand|fsmonitor|hookspath|gitproxy|askpass|attributesfile|worktree|alternaterefscommand)|pager\.|sequence\.editor|diff\.|difftool\.|merge\.|mergetool\.|filter\.|credential\.|gpg\.|ssh\.|uploadpack\.|receive\.|remote\.|url\.|include|interactive\.|protocol\.|submodule\.|http\.|browser\.|man\.|web\.|trailer\.|tar\.|hook\.|imap\.|guitool\.|sendemail\.|init\.templatedir)/iu;

function isExecuting(option: string, value: CommandWord | undefined): boolean {
  if (option === '-c') return typeof value === 'string' && executing.test(value);
  if (option === '--git-dir') return value !== '.git';
  return option === '--config-env' || (option === '--exec-path' && value !== undefined);
}

type Opened = { words: CommandWord[]; settings: boolean; hidden: string | null };

/** Takes away what stands between `git` and its command. */
function withoutOptions(words: readonly CommandWord[]): Opened {
  const opened: Opened = { words: ['git'], settings: false, hidden: null };
  let at = 1;
  for (; at < words.length; at += 1) {
    const word = words[at];
    if (word === null || !word!.startsWith('-')) break;
    const [name, attached] = word!.startsWith('--') ? word!.split(/=(.*)/su) : [word!];
    const value = attached ?? (valued.has(name!) ? words[(at += 1)] : undefined);
    if (name === '-c' && value === null) opened.hidden = 'a setting that only running it would tell';
    opened.settings ||= isExecuting(name!, value);
  }
  opened.words.push(...words.slice(at));
  return opened;
}

const readsConfig = new Set(['--get', '--get-all', '--get-regexp', '--get-urlmatch', '-l', '--list']);

function setsConfig(args: readonly CommandWord[]): boolean {
  if (args[0] === 'get' || args[0] === 'list') return false;
  if (args.some((word) => word !== null && readsConfig.has(word))) return false;
  const plain = args.filter((word) => word === null || !word.startsWith('-'));
  return (
    plain.length !== 1 || plain[0] === 'edit' || args.some((word) => /^(?:-e|--(?:un|re|ed).*)$/u.test(word ?? ''))
  );
}

const changesRemotes = new Set(['add', 'set-url', 'remove', 'rm', 'rename', 'set-head', 'set-branches']);

function isSettings(command: CommandWord, args: readonly CommandWord[]): boolean {
  if (command === 'config') return setsConfig(args);
  if (command === 'remote') return args.some((word) => word !== null && changesRemotes.has(word));
  if (command === 'clone' || command === 'init')
    return args.some((word) => word !== null && /^(?:-c|--conf|--te)/u.test(word));
  return typeof command === 'string' && /^(?:credential|maintenance$|daemon$|instaweb$)/u.test(command);
}

/** Options by which git commands are given a command to run. */
const uploadPack = /^--up[-a-z]*(?:=(.*))?$/su;
const running: Record<string, RegExp> = {
  rebase: /^(?:-[a-z]*?x|--exe?c?(?:=|$))(.*)$/su,
  difftool: /^(?:-x|--extc[a-z]*(?:=|$))(.*)$/su,
  grep: /^(?:-O|--op[-a-z]*(?:=|$))(.*)$/su,
  clone: /^(?:-[qvnls]*u|--up[-a-z]*(?:=|$))(.*)$/su,
  fetch: uploadPack,
  pull: uploadPack,
  'ls-remote': /^--(?:up[-a-z]*|exec)(?:=(.*))?$/su,
  'fetch-pack': /^--(?:up[-a-z]*|exec)(?:=(.*))?$/su,
  archive: /^--exec(?:=(.*))?$/su,
};

/** Commands in the arguments of a git command. */
function scriptsIn(command: CommandWord, args: readonly CommandWord[]): CommandWord[] {
  if (command === 'bisect' && args[0] === 'run') return [joined(args.slice(1))];
  if (command === 'submodule') {
    const [verb, ...rest] = args.filter((word) => word !== '--recursive' && word !== '--quiet' && word !== '-q');
    return verb === 'foreach' ? [joined(rest)] : [];
  }
  const option = typeof command === 'string' && Object.hasOwn(running, command) ? running[command]! : null;
  if (option === null) return [];
  return args.flatMap((word, at) => {
    const match = word === null ? null : option.exec(word);
    return match ? [match[1] || (args[at + 1] ?? null)] : [];
  });
}

const joined = (words: readonly CommandWord[]): CommandWord =>
  words.some((word) => word === null) ? null : words.join(' ');

function pushIn(args: readonly CommandWord[]): GitReading['push'] {
  const has = (...options: string[]) => args.some((word) => word !== null && options.some((each) => word === each));
  const refs = args.filter((word): word is string => word !== null && !word.startsWith('-')).slice(1);
  const forces = has('-f', '--force', '--force-with-lease', '--mirror') || refs.some((ref) => ref.startsWith('+'));
  const tags = has('--tags', '--follow-tags') || refs.some((ref) => ref.includes('refs/tags/'));
  return { act: tags ? 'tag' : forces ? 'force' : 'push', ref: refs.join(' ') || 'what git chooses' };
}

const pushing = new Set(['push', 'send-pack', 'http-push']);
const rewriting = new Set(
  'filter-branch hook send-email merge-index remote-ext remote-fd for-each-repo svn p4 subtree'.split(' '),
);

function whyHidden(command: CommandWord, args: readonly CommandWord[]): string | null {
  if (command === null) return 'a git command that only running it would tell';
  if (args.some((word) => word !== null && /^(?:ext|fd)::/u.test(word))) return 'a remote that runs a command';
  return rewriting.has(command) ? `git ${command} runs commands of its own` : null;
}

/** Reads a command that begins with git. */
export function readGit(written: readonly CommandWord[]): GitReading {
  const { words, settings, hidden } = withoutOptions(written);
  const [, command = null, ...args] = words;
  return {
    words,
    scripts: scriptsIn(command, args),
    settings: settings || isSettings(command, args),
    hidden: hidden ?? (words.length > 1 ? whyHidden(command, args) : null),
    push: command !== null && pushing.has(command) ? pushIn(args) : null,
  };
}
