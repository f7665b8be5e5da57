import canonicalize from 'canonicalize';
import { AppError } from '../errors.ts';
import { hex, utf8Bytes } from './bytes.ts';
import { evidenceFacts } from './evidence-facts.ts';
import type { EvidenceFacts } from './evidence-facts.ts';
import type { ExportedLine } from './exported-log.ts';
import { fileChecker } from './file-checker.ts';
import type { CheckOptions, LogVerdict } from './log-checker.ts';
import { versionsCheck } from './versions-check.ts';

type Given = { page: Uint8Array; facts: Uint8Array };

/**
 * Checks an evidence bundle: the excerpt in it, and that its page and its facts are those that the log says were made, with checks
 * whose evidence the log knew when they were made, and with the versions of policies and roles that the log says were saved and held for a run.
 * Feed it the lines of the excerpt, then ask for the end.
 */
export function bundleChecker(options: CheckOptions, { page, facts }: Given) {
  const { sha256 } = options.hashing;
  const checker = fileChecker(options);
  const made: string[] = [];
  const checks = new Map<string, string>();
  const read = readFacts(facts);
  const digest = (value: unknown) => hex(sha256(utf8Bytes(canonicalize(value) ?? '')));
  const versions = versionsCheck(digest);
  return {
    take(line: ExportedLine): void {
      checker.take(line);
      versions.take(line);
      if (line.type !== 'event') return;
      if (line.kind === 'evidence.made') made.push(line.payload);
      if (line.kind !== 'check.finished') return;
      const { checkResultId, evidenceSha256 } = JSON.parse(line.payload) as Record<string, string>;
      if (checkResultId !== undefined && evidenceSha256 !== undefined) checks.set(checkResultId, evidenceSha256);
    },
    end(): LogVerdict & { facts: EvidenceFacts } {
      const verdict = checker.end();
      const problems = [...verdict.problems];
      const note = (problem: string) =>
        problems.push({ tampering: 'evidence-differs', stream: null, seq: null, problem });
      const said = made.map((payload) => JSON.parse(payload) as Record<string, unknown>);
      const ofFacts = said.filter(({ factsSha256 }) => factsSha256 === hex(sha256(facts)));
      if (ofFacts.length === 0) {
        note('the facts of the bundle are not those that the log says were made');
      }
      // Of the same making: a page of other work would stand beside these facts otherwise.
      if (!(ofFacts.length > 0 ? ofFacts : said).some(({ pageSha256 }) => pageSha256 === hex(sha256(page)))) {
        note('the page of the bundle is not the one that the log says was made');
      }
      for (const { id, evidence, evidenceSha256 } of read.changes.flatMap((change) => change.checks)) {
        const own = digest(evidence);
        if (own !== evidenceSha256) note(`the evidence of the check ${id} was changed`);
        else if (checks.get(id) !== own) note(`the log has other evidence of the check ${id}, or none`);
      }
      for (const problem of versions.problems(read)) note(problem);
      return { ...verdict, problems, facts: read };
    },
  };
}

function readFacts(bytes: Uint8Array): EvidenceFacts {
  try {
    return evidenceFacts.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    throw new AppError('invalid_input', 'The facts of the bundle are not what Fleet writes.');
  }
}
