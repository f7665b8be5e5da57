import { AppError } from '../errors.ts';
import { fromHex, hex } from './bytes.ts';
import { chainChecker } from './chain-check.ts';
import type { ChainChecker, ChainProblem, ChainTampering } from './chain-check.ts';
import { trustedKeys } from './checkpoint.ts';
import type { AuditPublicKey } from './checkpoint.ts';
import { chainedEvent } from './exported-log.ts';
import type { ExportedLine, LineOf } from './exported-log.ts';
import type { Hashing } from './hashing.ts';
import { headProblem } from './head-check.ts';
import type { HeadTampering } from './head-check.ts';
import { keptChecker } from './kept-checker.ts';
import type { KeptChecker } from './kept-checker.ts';
import type { KeptHead } from './kept-heads.ts';
import { growingTree, leafHash } from './merkle.ts';
import type { GrowingTree } from './merkle.ts';

/** What was done to a log, by what it leaves behind. */
export type Tampering =
  | ChainTampering
  | 'stream-unlisted'
  | HeadTampering
  | 'unsigned'
  | 'cut-off'
  | 'kept-head-differs'
  | 'kept-head-beyond'
  | 'kept-head-unknown'
  | 'evidence-differs';

/** Where: an event of a stream; both null where no event can be named. */
export type LogProblem = { tampering: Tampering; stream: string | null; seq: number | null; problem: string };

export type LogVerdict = {
  org: string;
  /** Null for a whole log; for an excerpt what was asked for and how many leaves are not in it. */
  excerpt: { filter: string; omitted: number } | null;
  streams: number;
  events: number;
  /** Of these: how many have no payload any more, and a signed tombstone in its place. */
  erased: number;
  /** Signed heads that hold. */
  heads: number;
  root: string;
  /** Names of the keys that heads were held to. */
  keys: string[];
  /** Heads kept outside that the log was held to. */
  kept: number;
  /** In the order in which they stand in the file; of each stream the first. */
  problems: LogProblem[];
};

export type CheckOptions = {
  hashing: Hashing;
  /** Public keys from elsewhere; without them those that the file names are believed. */
  keys?: AuditPublicKey[] | undefined;
  kept?: KeptHead[] | undefined;
};

type Stream = { checker: ChainChecker; broken: boolean; listed: boolean };
type Place = { stream: string; seq: number };

/** Checks an exported log line by line. What it keeps grows with the number of streams, not with that of events. */
export class LogChecker {
  readonly #hashing: Hashing;
  readonly #given: AuditPublicKey[] | undefined;
  readonly #tree: GrowingTree;
  readonly #kept: KeptChecker;
  readonly #streams = new Map<string, Stream>();
  readonly #problems: LogProblem[] = [];
  #keys: AuditPublicKey[] = [];
  #org: string | null = null;
  #events = 0;
  #erased = 0;
  #heads = 0;
  /** The first event that no sound head covers yet. */
  #open: Place | null = null;
  /** Problems before the last sound head: a root that differs after new ones needs no other explanation. */
  #explained = 0;
  #treeBroken = false;
  #ended = false;

  constructor({ hashing, keys, kept = [] }: CheckOptions) {
    this.#hashing = hashing;
    this.#given = keys;
    this.#tree = growingTree(hashing.sha256);
    this.#kept = keptChecker(kept);
  }

  /** Throws AppError `invalid_input` for a line where none of its kind can stand. */
  take(line: ExportedLine): void {
    if (line.type === 'log') return this.#takeLog(line);
    if (this.#org === null) throw new AppError('invalid_input', 'The file does not begin as an exported log does.');
    if (this.#ended) throw new AppError('invalid_input', 'Something follows the last line of the log.');
    if (line.type === 'event' || line.type === 'erased') return this.#takeEvent(line, this.#org);
    if (line.type === 'head') return this.#takeHead(line, this.#org);
    if (line.type === 'stream') return this.#takeStream(line, this.#org);
    if (line.type === 'end') return this.#takeEnd(line);
    throw new AppError('invalid_input', `A whole log has no line of the type ${line.type}.`);
  }

  end(): LogVerdict {
    const org = this.#org;
    if (org === null) throw new AppError('invalid_input', 'The file holds no log. Make one with: npx fleet export ORG');
    if (!this.#ended)
      this.#note({ tampering: 'cut-off', stream: null, seq: null, problem: 'the file ends before the log does' });
    for (const [stream, { listed, broken }] of this.#streams) {
      if (listed || broken || !this.#ended) continue;
      this.#note({
        tampering: 'stream-unlisted',
        stream,
        seq: 1,
        problem: 'begins a stream that the log does not list',
      });
    }
    if (this.#open !== null && this.#problems.length === this.#explained) {
      this.#note({ tampering: 'unsigned', ...this.#open, problem: 'and what follows is not covered by a signed head' });
    }
    this.#problems.push(...this.#kept.end(this.#tree.size()));
    return {
      org,
      excerpt: null,
      streams: this.#streams.size,
      events: this.#events,
      erased: this.#erased,
      heads: this.#heads,
      root: hex(this.#tree.root()),
      keys: this.#keys.map(({ name }) => name),
      kept: this.#kept.count,
      problems: this.#problems,
    };
  }

  #note(problem: LogProblem): void {
    this.#problems.push(problem);
  }

  #takeLog({ org, keys }: LineOf<'log'>): void {
    if (this.#org !== null) throw new AppError('invalid_input', 'The file holds more than one log.');
    this.#org = org;
    this.#keys = this.#given ?? trustedKeys(this.#hashing.sha256, keys);
  }

  #takeEvent(line: LineOf<'event'> | LineOf<'erased'>, org: string): void {
    this.#events += 1;
    if (line.type === 'erased') this.#erased += 1;
    const { stream, seq, leaf } = line;
    const found = this.#streamOf(stream, org);
    this.#noteChain(stream, found.checker.next(chainedEvent(line)));
    const due = this.#tree.size();
    if (leaf !== due && !this.#treeBroken) {
      this.#treeBroken = true;
      if (this.#problems.length === this.#explained) {
        const problem = `does not follow leaf ${due - 1} of the tree: it was written as leaf ${leaf}`;
        this.#note({ tampering: 'leaves-missing', stream, seq, problem });
      }
    }
    const hash = fromHex(line.hash);
    this.#tree.append(leafHash(this.#hashing.sha256, hash));
    this.#open ??= { stream, seq };
    const differs = this.#kept.event({ seq, hash: line.hash }, this.#tree);
    if (differs) this.#note({ tampering: 'kept-head-differs', ...this.#open, problem: differs });
  }

  #streamOf(stream: string, org: string): Stream {
    const known = this.#streams.get(stream);
    if (known) return known;
    const checker = chainChecker({ org, stream }, { hashing: this.#hashing, keys: this.#keys });
    const opened = { checker, broken: false, listed: false };
    this.#streams.set(stream, opened);
    return opened;
  }

  #noteChain(stream: string, problem: ChainProblem | null): void {
    const found = this.#streams.get(stream);
    if (problem === null || !found || found.broken) return;
    found.broken = true;
    this.#note({ ...problem, stream });
  }

  #takeHead({ note }: LineOf<'head'>, org: string): void {
    const at = { org, keys: this.#keys, hashing: this.#hashing, tree: this.#tree, broken: this.#treeBroken };
    const wrong = headProblem(note, at);
    if (wrong === null) {
      this.#heads += 1;
      this.#open = null;
      this.#explained = this.#problems.length;
      return;
    }
    const [tampering, words] = wrong;
    if (tampering === 'root-differs') {
      const known = this.#treeBroken || this.#problems.length > this.#explained;
      this.#treeBroken = true;
      if (known) return;
    }
    const where = this.#open ?? { stream: null, seq: null };
    this.#note({ tampering, ...where, problem: `the signed head at leaf ${this.#tree.size()} ${words}` });
  }

  #takeStream({ stream, seq, hash }: LineOf<'stream'>, org: string): void {
    const found = this.#streamOf(stream, org);
    if (found.listed) {
      this.#noteChain(stream, { seq, tampering: 'repeated', problem: 'ends a stream that is listed twice' });
      return;
    }
    found.listed = true;
    this.#noteChain(stream, found.checker.end({ seq, hash: fromHex(hash) }));
  }

  #takeEnd({ events }: LineOf<'end'>): void {
    this.#ended = true;
    if (this.#problems.length > 0 || events === this.#events) return;
    const problem = `the log had ${events} events when it was exported; here are ${this.#events}`;
    this.#note({ tampering: 'leaves-missing', stream: null, seq: null, problem });
  }
}
