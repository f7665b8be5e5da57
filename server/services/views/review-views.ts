import { reviewRecord, type ReviewRecord } from '../../domain/runs/review-record.ts';
import type { ReviewView } from '../../domain/views/views.ts';

type ReviewRow = {
  id: string;
  commit: string;
  verdict: ReviewView['verdict'];
  findings: unknown;
  createdAt: Date;
  stageAttempt: { run: { id: string; agent: { name: string } } | null };
};

/** Reviews in the order they were made. A finding counts as resolved once a later review does not repeat it. */
export function reviewViews(rows: ReviewRow[]): ReviewView[] {
  const records = rows.map(({ findings }) => reviewRecord.parse(findings));
  return rows.map((row, n) => {
    const record = records[n] as ReviewRecord;
    const later = records.at(-1) as ReviewRecord;
    return {
      id: row.id,
      commit: row.commit,
      verdict: row.verdict,
      agent: row.stageAttempt.run?.agent.name ?? 'An agent',
      runId: row.stageAttempt.run?.id ?? '',
      summary: record.summary,
      findings: record.findings.map((finding) => ({
        ...finding,
        resolved: n < rows.length - 1 && !later.findings.some((again) => same(again, finding)),
      })),
      createdAt: row.createdAt.toISOString(),
    };
  });
}

type Place = { path: string; statement: string };

function same(a: Place, b: Place): boolean {
  return a.path === b.path && a.statement === b.statement;
}
