import { stripVTControlCharacters } from 'node:util';
import { existsSync, createReadStream, readFileSync } from 'node:fs';
import { checkFile } from '../server/domain/audit/check-file.ts';
import type { FileVerdict } from '../server/domain/audit/check-file.ts';
import { parseVerifierKey } from '../server/domain/audit/checkpoint.ts';
import type { AuditPublicKey } from '../server/domain/audit/checkpoint.ts';
import { coverageCollector } from '../server/domain/audit/coverage.ts';
import type { Covered } from '../server/domain/audit/coverage.ts';
import { keptHeads } from '../server/domain/audit/kept-heads.ts';
import type { LogProblem } from '../server/domain/audit/log-checker.ts';
import { nodeHashing } from '../server/domain/audit/node-hashing.ts';
import { AppError } from '../server/domain/errors.ts';
import { branchHistory } from './branch-commits.ts';

const shown = 20;

type Options = {
  print: (line: string) => void;
  /** Files or hashes of heads that were kept outside. */
  heads?: string[];
  /** Files or verifier keys to believe instead of those that the log names. */
  keys?: string[];
  /** A repository whose commits are held against the log. */
  coverage?: Parameters<typeof branchHistory>[0] | undefined;
};

/**
 * Checks an exported log, an excerpt or an evidence bundle, a file or at an address, against its own hashes, its signed heads and what was kept of it elsewhere, and
 * says what was found. Returns the exit code: 0 only if all of it holds. Throws AppError `invalid_input` for what is none of them.
 */
export async function verify(place: string, { print, heads = [], keys = [], coverage }: Options): Promise<number> {
  const history = coverage ? await branchHistory(coverage) : null;
  const kept = [...heads.flatMap(readHeads), ...keptHeads(history?.messages ?? '')];
  const trusted = keys.length > 0 ? (await Promise.all(keys.map(readKeys))).flat() : undefined;
  const collector = coverageCollector();
  const options = { hashing: nodeHashing, keys: trusted, kept, seen: collector.take };
  const verdict = await checkFile(bytesOf(place), options);
  for (const problem of verdict.problems.slice(0, shown)) print(`✗ ${problemWords(problem)}`);
  for (const line of conclusion(verdict, trusted !== undefined)) print(line);
  const covered = history === null || printCoverage(print, history.branch, collector.cover(history.commits));
  return verdict.problems.length === 0 && covered ? 0 : 1;
}

/** Lists what git has and what the log knows of it; true where it knows everything of all. */
function printCoverage(print: Options['print'], branch: string, commits: Covered[]): boolean {
  for (const { evidence, commit, at, subject, lacks } of commits) {
    print(`${evidence.padEnd(8)}  ${commit.slice(0, 12)}  ${at}  ${stripVTControlCharacters(subject)}`);
    if (evidence === 'partial') print(`          the log lacks ${lacks.join(' and ')}`);
  }
  const count = (kind: Covered['evidence']) => commits.filter(({ evidence }) => evidence === kind).length;
  print(
    `Commits of ${branch}: ${commits.length}; evidence complete: ${count('complete')}, partial: ${count('partial')}, none: ${count('none')}`,
  );
  return count('complete') === commits.length;
}

function problemWords({ stream, seq, tampering, problem }: LogProblem): string {
  const where = stream === null ? 'the log' : `stream ${stream}, event ${seq}`;
  return `${where}: ${problem} [${tampering}]`;
}

function conclusion(verdict: FileVerdict, trusted: boolean): string[] {
  const { problems, streams, events, erased, heads, kept, keys, root, excerpt, facts } = verdict;
  const gone = erased > 0 ? `, of them ${erased} erased behind a signed tombstone` : '';
  const counted = `(streams: ${streams}, events: ${events}${gone}, signed heads: ${heads}, kept heads: ${kept})`;
  if (problems.length > 0) return [`Problems: ${problems.length} ${counted}`];
  const names = keys.join(', ');
  const caution = trusted
    ? `  Signed by ${names}, the key you gave.`
    : `  Signed by ${names}, as the file itself says: compare with /.well-known/fleet-audit-keys.json of the installation, or give --key.`;
  const head = `  Keep this head elsewhere, and give it with --head the next time: ${events}:${root}`;
  if (excerpt !== null) {
    const about =
      facts === null
        ? []
        : [`✓ an evidence bundle: ${facts.about.words}; its page and facts are what Fleet made at ${facts.at}`];
    const asked = excerpt.filter === '' ? '' : ` Asked for: ${excerpt.filter}`;
    return [
      ...about,
      `✓ an excerpt: each event is what was written, where it was written ${counted}`,
      `  Left out are ${excerpt.omitted} of the log's ${events + excerpt.omitted} events: of those nothing is said.${asked}`,
      caution,
    ];
  }
  return [`✓ nothing missing, nothing changed ${counted}`, caution, ...(kept > 0 ? [] : [head])];
}

function readHeads(given: string): KeptList {
  const heads = keptHeads(textOf(given));
  if (heads.length > 0) return heads;
  const message = `${given} holds no head of a log. A head is a signed note, a merge commit's Fleet-Audit-Tree, SIZE:ROOT or a hash.`;
  throw new AppError('invalid_input', message);
}

type KeptList = ReturnType<typeof keptHeads>;

async function readKeys(given: string): Promise<AuditPublicKey[]> {
  const text = isUrl(given) ? await publishedAt(given) : textOf(given);
  const lines = text.trimStart().startsWith('{')
    ? [...text.matchAll(/"verifierKey"\s*:\s*"([^"]+)"/g)].map((match) => match[1] ?? '')
    : text.split('\n');
  const keys = lines.flatMap((line) => parseVerifierKey(nodeHashing.sha256, line) ?? []);
  if (keys.length > 0) return keys;
  const message = `${given} holds no key. Save /.well-known/fleet-audit-keys.json of the installation, or give a key as name+hash+key.`;
  throw new AppError('invalid_input', message);
}

/** A key is what all else is proved by: it does not come over a line on which somebody can put in another. */
async function publishedAt(url: string): Promise<string> {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname)) {
    throw new AppError(
      'invalid_input',
      `Give ${url} with https: without it anybody on the way could put in another key.`,
    );
  }
  const parts: Uint8Array[] = [];
  for await (const part of bytesOf(url)) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

const textOf = (given: string) => (existsSync(given) ? readFileSync(given, 'utf8') : given);

const isUrl = (given: string) => /^https?:\/\//i.test(given);

/** From a file, from `-` or from an address. What comes is proved by its signatures, wherever it comes from. */
async function* bytesOf(place: string): AsyncGenerator<Uint8Array> {
  try {
    if (isUrl(place)) yield* fetched(place);
    else yield* place === '-' ? process.stdin : createReadStream(place);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('invalid_input', `${place} cannot be read: ${(error as Error).message}.`);
  }
}

async function* fetched(url: string): AsyncGenerator<Uint8Array> {
  const { ok, status, body } = await fetch(url);
  if (!ok || body === null) throw new AppError('invalid_input', `${url} answered ${status}.`);
  yield* body;
}
