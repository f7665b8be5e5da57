import {
  forEachChild,
  parse,
  type Assignment,
  type Command,
  type ParsedScript,
  type Pipeline,
  type Redirected,
  type Redirection,
  type Subshell,
  type SyntaxNode,
} from 'unbash';
import type { CommandTrait, CommandWord, Deed } from '../deed.ts';
import { effectsOf } from '../effects.ts';
import { assignedWord, readAssignment, type Assigned } from './environment-words.ts';
import { filesOf } from './files-of.ts';
import { inputOf, isFedByDownload, isShell, runsItsWords, whyInputHides, type Input } from './input.ts';
import { readGit, type GitReading } from './git-command.ts';
import { sedAdds } from './inline-code.ts';
import { downloaders } from './programs.ts';
import { addedTo, namedTraits } from './named-traits.ts';
import { placeIn, secretLike } from './places.ts';
import { tooMuchToRead } from './too-much.ts';
import { nothingInside, unwrap, type Unwrapped } from './unwrap.ts';
import { baseName, globOf, literalOf, valueOf } from './words.ts';

export type ShellFacts = {
  /** The simple commands of the repository's set-up, build, lint and tests; see `ownCommands`. */
  own: readonly (readonly string[])[];
  /** Nothing outside the sandbox can be reached. */
  offline: boolean;
  /** Files that earlier commands of the run downloaded. */
  downloaded: ReadonlySet<string>;
};

const mayDownload = /curl|wget|aria2c|fetch|http|ftp|nc|socat/u;
const deepest = 12;
const mostDeeds = 4_000;

/** What a command comes to, and what it downloads into the work tree. */
type ShellReading = { deeds: Deed[]; downloaded: string[] };

class ScriptReader {
  readonly deeds: Deed[] = [];
  readonly downloaded: string[] = [];
  readonly #facts: ShellFacts;
  readonly #written = new Set<string>();
  #folder: string | null = '';
  #depth = 0;

  constructor(facts: ShellFacts) {
    this.#facts = facts;
  }

  unreadable(note: string): void {
    this.#command([], ['unreadable'], note);
  }

  /** A part of it was not looked at at all: no layer may let that pass for harmless. */
  unread(note: string): void {
    this.#command([], ['unreadable', 'unread'], note);
  }

  script(text: CommandWord, input: Input = null): void {
    if (text === null) return this.unreadable('what it runs only running it would tell');
    if (text.trim() === '') return;
    if (this.#depth >= deepest) return this.unread('commands within commands, too deep to read');
    const why = tooMuchToRead(text);
    if (why !== null) return this.unread(why);
    this.#depth += 1;
    this.#node(parse(text), input);
    this.#depth -= 1;
  }

  #command(words: readonly CommandWord[], traits: CommandTrait[], note = ''): void {
    if (words.length > 0 && this.deeds.length >= mostDeeds) throw new RangeError('more commands than can be judged');
    this.deeds.push({ on: 'command', words, traits, note, offline: this.#facts.offline });
  }

  #node(node: SyntaxNode | ParsedScript, input: Input): void {
    if ('errors' in node && node.errors && node.errors.length > 0)
      this.unreadable(`the shell’s grammar does not allow it: ${node.errors[0]!.message}`);
    switch (node.type) {
      case 'Pipeline':
        return this.#pipeline(node, input);
      case 'Command':
        return this.#simple(node, input);
      case 'Redirected':
        return this.#redirected(node, input);
      case 'Function':
        // Who calls it gives it its input.
        return forEachChild(node, (child) => this.#node(child, { from: 'other' }));
      case 'Subshell':
        return this.#subshell(node, input);
      case 'Redirect':
      case 'HereString':
        this.#redirect(node);
        break;
    }
    forEachChild(node, (child) => this.#node(child, input));
  }

  #redirected({ redirects, command }: Redirected, input: Input): void {
    for (const each of redirects) this.#node(each, null);
    this.#node(command, inputOf(redirects) ?? input);
  }

  #subshell(node: Subshell, input: Input): void {
    const folder = this.#folder;
    forEachChild(node, (child) => this.#node(child, input));
    this.#folder = folder;
  }

  #pipeline({ commands }: Pipeline, input: Input): void {
    let feeding = input;
    for (const command of commands) {
      const before = this.deeds.length;
      this.#node(command, feeding);
      const downloads = feeding !== null && 'from' in feeding && feeding.from === 'download';
      feeding = { from: downloads || this.#downloadsSince(before) ? 'download' : 'other' };
    }
  }

  #downloadsSince(before: number): boolean {
    return this.deeds.slice(before).some((deed) => deed.on === 'command' && deed.traits.includes('downloads'));
  }

  #redirect(redirection: Redirection): void {
    if (redirection.type !== 'Redirect' || !redirection.target) return;
    const { operator, target } = redirection;
    const path = literalOf(target);
    if (path?.startsWith('/dev/tcp/') || path?.startsWith('/dev/udp/'))
      return this.#command([], ['unreadable', 'downloads'], 'the shell opens a connection of its own');
    if (operator === '<&' || (operator === '>&' && (path === null || /^(?:\d+-?|-)$/u.test(path)))) return;
    if (operator === '<') this.#file('read', path, globOf(target));
    else this.#file('write', path, null);
  }

  #file(on: 'read' | 'write', path: CommandWord, glob: string | null, added = ''): void {
    const named = path ?? (glob === null ? null : secretLike(glob));
    const place = named === null ? null : placeIn(this.#folder, named);
    if (place === null || place === '') return;
    // Whether a `cd` before it took place is not known: it may have failed, or stood behind `false &&`.
    for (const each of new Set([place, placeIn('', named!) || place])) {
      if (on === 'read') this.deeds.push({ on, path: each });
      else this.#write(each, added);
    }
  }

  #write(path: string, added: string): void {
    this.#written.add(path);
    const effects = effectsOf(path, { removed: '', added, whole: false });
    this.deeds.push({ on: 'write', path, way: 'command', effects });
  }

  #simple(command: Command, input: Input): void {
    const before = this.deeds.length;
    for (const each of [...command.prefix, ...command.suffix]) forEachChild(each, (child) => this.#node(child, null));
    if (command.name) forEachChild(command.name, (child) => this.#node(child, null));
    const downloads = this.#downloadsSince(before);
    for (const redirection of command.redirects) this.#redirect(redirection);
    for (const each of [...command.prefix, ...command.args]) if (each.type === 'Assignment') this.#assign(each);
    if (!command.name) return;
    const args = command.args.map((each) => (each.type === 'Word' ? literalOf(each) : assignedWord(each)));
    const globs = command.args.flatMap((each) => (each.type === 'Word' ? (globOf(each) ?? []) : []));
    const program = literalOf(command.name);
    this.#run([program, ...args], { input: inputOf(command.redirects) ?? input, downloads, globs });
    if (program === 'cd' || program === 'pushd') this.#enter(args);
    this.#saved(before, input);
  }

  /** What a command wrote while it downloads, or is fed by what does, is a download. */
  #saved(before: number, input: Input): void {
    const isFed = input !== null && 'from' in input && input.from === 'download';
    if (!isFed && !this.#downloadsSince(before)) return;
    for (const deed of this.deeds.slice(before)) if (deed.on === 'write') this.downloaded.push(deed.path);
  }

  /** From here on the commands work in another folder; null where that cannot be told. */
  #enter(args: readonly CommandWord[]): void {
    const [path = '', ...more] = args.filter((word) => !/^-(?:[LPe@]+|-)$/u.test(word ?? ''));
    const isTold = more.length === 0 && path !== null && path !== '-' && path !== '';
    this.#folder = isTold ? placeIn(this.#folder, path) : null;
  }

  #assign({ name, value, text }: Assignment): void {
    this.#assigned(readAssignment(name, valueOf(value), text.slice(text.indexOf('=') + 1)), name);
  }

  #assigned({ script, hidden, settings }: Assigned, name: string): void {
    if (script !== undefined) this.script(script);
    if (hidden) this.unreadable(hidden);
    if (settings) this.#command([name], ['git-config'], 'it changes what git does by a variable');
  }

  #run(words: readonly CommandWord[], from: { input: Input; downloads: boolean; globs: string[] }): void {
    const name = baseName(words[0] ?? '');
    if (name === 'git') return this.#git(readGit(words), words);
    const inner = unwrap(words);
    const hidden = inner.hidden ?? this.#whyFileHides(inner, words);
    this.#command(words, this.#traitsOf(words, { hidden, inner, ...from }), hidden ?? '');
    this.#files(name, words, from.globs);
    for (const each of inner.assigned) this.#variable(each);
    for (const each of inner.commands) this.#nested(each, from);
    for (const each of inner.scripts) this.script(each);
    if (inner.readsInput && from.input && 'text' in from.input && isShell(words[0])) this.script(from.input.text);
  }

  #git({ words, hidden, settings, push, scripts }: GitReading, written: readonly CommandWord[]): void {
    const traits = this.#traitsOf(written, { hidden, inner: nothingInside, input: null, downloads: false });
    this.#command(words, settings ? [...traits, 'git-config'] : traits, hidden ?? '');
    if (push) this.deeds.push({ on: 'git', act: push.act, ref: push.ref, own: false });
    for (const each of scripts) this.script(each);
  }

  #nested(words: CommandWord[], from: { input: Input; downloads: boolean; globs: string[] }): void {
    if (this.#depth >= deepest) return this.unread('commands within commands, too deep to read');
    this.#depth += 1;
    this.#run(words, from);
    this.#depth -= 1;
  }

  #variable(text: string): void {
    const at = text.indexOf('=');
    const name = text.slice(0, at);
    this.#assigned(readAssignment(name, text.slice(at + 1), text.slice(at + 1)), name);
  }

  /** A shell script that this very command wrote says nothing about itself. */
  #whyFileHides({ file }: Unwrapped, [program]: readonly CommandWord[]): string | null {
    const run = file !== undefined && isShell(program) ? file : program;
    if (typeof run !== 'string' || (run === program && !run.includes('/'))) return null;
    const place = placeIn(this.#folder, run);
    return place !== null && this.#written.has(place) ? 'it runs what the same command has just written' : null;
  }

  #traitsOf(
    words: readonly CommandWord[],
    of: { hidden: string | null; inner: Unwrapped; input: Input; downloads: boolean },
  ): CommandTrait[] {
    const [program] = words;
    const name = baseName(program ?? '');
    const traits: CommandTrait[] = [];
    const { inner, input, downloads } = of;
    if (of.hidden !== null || whyInputHides(name, inner, input) !== null) traits.push('unreadable');
    if (downloaders.has(name)) traits.push('downloads');
    const ran = isFedByDownload(name, inner, input) || (downloads && runsItsWords(program ?? null, inner));
    if (ran || this.#isDownloaded(inner.file ?? program)) traits.push('download-and-run');
    return [...traits, ...namedTraits(words, this.#facts.own)];
  }

  #isDownloaded(file: CommandWord | undefined): boolean {
    const place = typeof file === 'string' ? placeIn(this.#folder, file) : null;
    return place !== null && (this.downloaded.includes(place) || this.#facts.downloaded.has(place));
  }

  #files(name: string, words: readonly CommandWord[], globs: string[]): void {
    const manifest = addedTo(words, this.#facts.own);
    if (manifest) this.#file('write', manifest, null, someName);
    const { reads, writes } = filesOf(name, words.slice(1));
    for (const path of reads) this.#file('read', path, null);
    if (reads.includes(null)) for (const glob of globs) this.#file('read', null, glob);
    const added = name === 'sed' ? words.map((word) => (word === null ? '' : sedAdds(word))).join('\n') : '';
    for (const path of writes) this.#file('write', path, null, added);
    if (!downloaders.has(name)) return;
    const urls = words.filter((word): word is string => word !== null && /^https?:/u.test(word));
    const saved = [...writes, ...urls.map((url) => baseName(url.replace(/[?#].*$/su, '')))];
    for (const path of saved) {
      const place = path === null ? null : placeIn(this.#folder, path);
      if (place) this.downloaded.push(place);
    }
  }
}

/** What a package manager writes for a name that it is told to add. */
const someName = '"name": "*"';

/** What a command downloads into the work tree, by path. */
export function downloadsOf(command: string, facts: ShellFacts): string[] {
  return mayDownload.test(command) ? readScript(command, facts).downloaded : [];
}

/**
 * Reads a command by the shell's grammar into all that it would do: its simple commands with wrappers taken off,
 * redirections, assignments, substitutions. What cannot be read is a deed of its own, never nothing.
 */
export function readScript(command: string, facts: ShellFacts): ShellReading {
  const reader = new ScriptReader(facts);
  try {
    reader.script(command);
  } catch (error) {
    // The parser and the walk go as deep as the command does.
    reader.unread(error instanceof RangeError ? 'it holds more than can be judged' : 'it could not be read');
  }
  return { deeds: reader.deeds, downloaded: reader.downloaded };
}
