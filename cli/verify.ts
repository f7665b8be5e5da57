import { existsSync, createReadStream, readFileSync } from 'node:fs';
import { parseVerifierKey } from '../server/domain/audit/checkpoint.ts';
import type { AuditPublicKey } from '../server/domain/audit/checkpoint.ts';
import type { ExportedLine } from '../server/domain/audit/exported-log.ts';
import { fileChecker } from '../server/domain/audit/file-checker.ts';
import { keptHeads } from '../server/domain/audit/kept-heads.ts';
import type { LogProblem, LogVerdict } from '../server/domain/audit/log-checker.ts';
import { nodeHashing } from '../server/domain/audit/node-hashing.ts';
import { exportedLines } from '../server/domain/audit/read-lines.ts';
import { AppError } from '../server/domain/errors.ts';

const shown = 20;

type Options = {
  print: (line: string) => void;
  /** Files or hashes of heads that were kept outside. */
  heads?: string[];
  /** Files or verifier keys to believe instead of those that the log names. */
  keys?: string[];
};

/**
 * Checks an exported log against its own hashes, its signed heads and what was kept of it elsewhere, and says what was
 * found. Returns the exit code: 0 only if all of it holds. Throws AppError `invalid_input` when it is no exported log.
 */
export async function verify(file: string, { print, heads = [], keys = [] }: Options): Promise<number> {
  const kept = heads.flatMap(readHeads);
  const trusted = keys.length > 0 ? keys.flatMap(readKeys) : undefined;
  const checker = fileChecker({ hashing: nodeHashing, keys: trusted, kept });
  for await (const line of linesIn(file)) checker.take(line);
  const verdict = checker.end();
  for (const problem of verdict.problems.slice(0, shown)) print(`✗ ${problemWords(problem)}`);
  for (const line of conclusion(verdict, trusted !== undefined)) print(line);
  return verdict.problems.length === 0 ? 0 : 1;
}

function problemWords({ stream, seq, tampering, problem }: LogProblem): string {
  const where = stream === null ? 'the log' : `stream ${stream}, event ${seq}`;
  return `${where}: ${problem} [${tampering}]`;
}

function conclusion(verdict: LogVerdict, trusted: boolean): string[] {
  const { problems, streams, events, heads, kept, keys, root, excerpt } = verdict;
  const counted = `(streams: ${streams}, events: ${events}, signed heads: ${heads}, kept heads: ${kept})`;
  if (problems.length > 0) return [`Problems: ${problems.length} ${counted}`];
  const names = keys.join(', ');
  const caution = trusted
    ? `  Signed by ${names}, the key you gave.`
    : `  Signed by ${names}, as the file itself says: compare with /.well-known/fleet-audit-keys.json of the installation, or give --key.`;
  const head = `  Keep this head elsewhere, and give it with --head the next time: ${events}:${root}`;
  if (excerpt !== null) {
    const asked = excerpt.filter === '' ? '' : ` Asked for: ${excerpt.filter}`;
    return [
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

function readKeys(given: string): AuditPublicKey[] {
  const text = textOf(given);
  const lines = text.trimStart().startsWith('{')
    ? [...text.matchAll(/"verifierKey"\s*:\s*"([^"]+)"/g)].map((match) => match[1] ?? '')
    : text.split('\n');
  const keys = lines.flatMap((line) => parseVerifierKey(nodeHashing.sha256, line) ?? []);
  if (keys.length > 0) return keys;
  const message = `${given} holds no key. Save /.well-known/fleet-audit-keys.json of the installation, or give a key as name+hash+key.`;
  throw new AppError('invalid_input', message);
}

const textOf = (given: string) => (existsSync(given) ? readFileSync(given, 'utf8') : given);

async function* linesIn(file: string): AsyncGenerator<ExportedLine> {
  try {
    yield* exportedLines(file === '-' ? process.stdin : createReadStream(file));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('invalid_input', `${file} cannot be read: ${(error as Error).message}.`);
  }
}
