import { AppError } from '../errors.ts';
import { fromHex, hex } from './bytes.ts';
import { excerptChecker } from './chain-check.ts';
import type { ChainChecker } from './chain-check.ts';
import { trustedKeys } from './checkpoint.ts';
import type { AuditPublicKey } from './checkpoint.ts';
import { chainedEvent } from './exported-log.ts';
import type { ExportedLine, LineOf } from './exported-log.ts';
import { headProblem } from './head-check.ts';
import type { KeptHead } from './kept-heads.ts';
import type { CheckOptions, LogProblem, LogVerdict } from './log-checker.ts';
import { growingTree, leafHash, subtreesBetween } from './merkle.ts';
import type { GrowingTree } from './merkle.ts';

type Stream = { checker: Pick<ChainChecker, 'next'>; broken: boolean };

/**
 * Checks an excerpt of a log line by line: that each event is what was written, where it was written, in the log that the
 * head was signed over. What was left out is counted; nothing is said of it.
 */
export class ExcerptLogChecker {
  readonly #options: CheckOptions;
  readonly #tree: GrowingTree;
  readonly #streams = new Map<string, Stream>();
  readonly #problems: LogProblem[] = [];
  /** Heads kept outside that an excerpt can be held to: those of its own size. */
  readonly #kept: KeptHead[];
  #keys: AuditPublicKey[] = [];
  #begun: LineOf<'excerpt'> | null = null;
  #events = 0;
  #erased = 0;
  #omitted = 0;
  #heads = 0;
  /** Something stands behind the last sound head. */
  #open = false;
  #broken = false;
  #ended = false;

  constructor(options: CheckOptions) {
    this.#options = options;
    this.#kept = options.kept ?? [];
    this.#tree = growingTree(options.hashing.sha256);
  }

  /** Throws AppError `invalid_input` for a line where none of its kind can stand. */
  take(line: ExportedLine): void {
    if (line.type === 'excerpt') return this.#begin(line);
    if (this.#begun === null) throw new AppError('invalid_input', 'The file does not begin as an excerpt does.');
    if (this.#ended) throw new AppError('invalid_input', 'Something follows the last line of the excerpt.');
    if (line.type === 'event' || line.type === 'erased') return this.#takeEvent(line, this.#begun.org);
    if (line.type === 'omitted') return this.#takeOmitted(line);
    if (line.type === 'head') return this.#takeHead(line, this.#begun.org);
    if (line.type === 'end') return this.#takeEnd(line);
    if (line.type !== 'subject')
      throw new AppError('invalid_input', `An excerpt has no line of the type ${line.type}.`);
  }

  end(): LogVerdict {
    const begun = this.#begun;
    if (begun === null) throw new AppError('invalid_input', 'The file holds no excerpt of a log.');
    if (!this.#ended) this.#note('cut-off', 'the file ends before the excerpt does');
    else if ((this.#heads === 0 || this.#open) && this.#problems.length === 0)
      this.#note('unsigned', 'no signed head covers the excerpt to its end');
    const [size, root] = [this.#tree.size(), hex(this.#tree.root())];
    for (const head of this.#kept) this.#hold(head, { size, root });
    return {
      ...{
        org: begun.org,
        events: this.#events,
        erased: this.#erased,
        streams: this.#streams.size,
        heads: this.#heads,
        root,
      },
      excerpt: { filter: begun.filter, omitted: this.#omitted },
      keys: this.#keys.map(({ name }) => name),
      kept: this.#kept.length,
      problems: this.#problems,
    };
  }

  #note(tampering: LogProblem['tampering'], problem: string, at?: { stream: string; seq: number }): void {
    this.#problems.push({ tampering, stream: null, seq: null, ...at, problem });
  }

  #begin(line: LineOf<'excerpt'>): void {
    if (this.#begun !== null) throw new AppError('invalid_input', 'The file holds more than one excerpt.');
    this.#begun = line;
    this.#keys = this.#options.keys ?? trustedKeys(this.#options.hashing.sha256, line.keys);
  }

  /** Both kinds of lines say where they stand; told once, for what follows must then be elsewhere too. */
  #place(leaf: number, at?: { stream: string; seq: number }): void {
    const due = this.#tree.size();
    if (leaf === due || this.#broken) return;
    this.#broken = true;
    this.#note('leaves-missing', `stands as leaf ${leaf} of the log, where leaf ${due} is due`, at);
  }

  #takeEvent(line: LineOf<'event'> | LineOf<'erased'>, org: string): void {
    const { stream, seq, leaf, hash } = line;
    const { hashing } = this.#options;
    this.#events += 1;
    if (line.type === 'erased') this.#erased += 1;
    this.#open = true;
    const checker = excerptChecker({ org, stream }, { hashing, keys: this.#keys });
    const found = this.#streams.get(stream) ?? { checker, broken: false };
    this.#streams.set(stream, found);
    const problem = found.checker.next(chainedEvent(line));
    if (problem !== null && !found.broken) {
      found.broken = true;
      this.#note(problem.tampering, problem.problem, { stream, seq: problem.seq });
    }
    this.#place(leaf, { stream, seq });
    this.#tree.append(leafHash(hashing.sha256, fromHex(hash)));
  }

  #takeOmitted({ from, to, nodes }: LineOf<'omitted'>): void {
    this.#place(from);
    const trees = subtreesBetween(from, to);
    if (trees.length === 0 || trees.length !== nodes.length) {
      throw new AppError('invalid_input', `What stands for the leaves from ${from} to ${to} is not whole.`);
    }
    this.#omitted += to - from;
    this.#open = true;
    if (this.#broken) return;
    trees.forEach(({ level }, n) => this.#tree.append(fromHex(nodes[n] ?? ''), level));
  }

  #takeHead({ note }: LineOf<'head'>, org: string): void {
    const { hashing } = this.#options;
    const wrong = headProblem(note, { org, keys: this.#keys, hashing, tree: this.#tree, broken: this.#broken });
    if (wrong === null) {
      this.#heads += 1;
      this.#open = false;
      return;
    }
    const [tampering, words] = wrong;
    if (tampering === 'root-differs' && this.#problems.length > 0) return;
    this.#note(tampering, `the signed head at leaf ${this.#tree.size()} ${words}`);
  }

  #takeEnd({ events }: LineOf<'end'>): void {
    this.#ended = true;
    if (this.#problems.length > 0 || events === this.#tree.size()) return;
    this.#note(
      'leaves-missing',
      `the log had ${events} events when the excerpt was made; here are ${this.#tree.size()}`,
    );
  }

  #hold(head: KeptHead, { size, root }: { size: number; root: string }): void {
    if (head.type === 'tree' && head.size === size) {
      if (head.root !== root) this.#note('kept-head-differs', `the head kept of ${size} events has another root`);
      return;
    }
    if (head.type === 'hash' && head.hash === root) return;
    const what = head.type === 'tree' ? `of ${head.size} events` : `with the hash ${head.hash}`;
    this.#note('kept-head-unknown', `only a whole log can be held to the head that was kept ${what}: export that`);
  }
}
