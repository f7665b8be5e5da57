import type { ClaimProof } from '../../server/domain/runs/prove-claims.ts';
import type { BuildHandoff, ReviewDecision } from '../../server/domain/roles/role-body.ts';

function List({ title, lines }: { title: string; lines: string[] }) {
  if (lines.length === 0) return null;
  return (
    <div>
      <p className="text-ink-3">{title}</p>
      <ul className="list-disc pl-5">
        {lines.map((line, index) => (
          <li key={index}>{line}</li>
        ))}
      </ul>
    </div>
  );
}

type Claim = BuildHandoff['claims'][number] & Partial<Pick<ClaimProof, 'ended'>>;

/** Older hand-offs do not say how the call behind a claim ended. */
function claimLine({ statement, evidence, ended }: Claim): string {
  return `${statement} (${evidence}${ended === 'failed' ? ', which failed' : ''})`;
}

/** A hand-off or a review decision, in the agent's own words. */
export function HandoffWords({ body }: { body: unknown }) {
  const said = (body ?? {}) as Partial<BuildHandoff & ReviewDecision>;
  return (
    <div className="flex flex-col gap-2">
      {said.summary && <p>{said.summary}</p>}
      <List title="Decisions" lines={(said.decisions ?? []).map(({ what, why }) => `${what} — ${why}`)} />
      <List title="Claims" lines={(said.claims ?? []).map(claimLine)} />
      <List title="Answers to findings" lines={(said.answers ?? []).map(({ finding, how }) => `${finding}: ${how}`)} />
      <List
        title="Findings"
        lines={(said.findings ?? []).map(({ path, line, statement }) => `${path}:${line} ${statement}`)}
      />
      <List title="Not done" lines={said.notDone ?? []} />
      <List title="Not reviewed" lines={said.notReviewed ?? []} />
    </div>
  );
}
