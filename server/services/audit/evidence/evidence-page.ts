import { checkEvidence } from '../../../domain/checks/evidence.ts';
import type { ChangeFacts, EvidenceFacts, RunFacts } from '../../../domain/audit/evidence-facts.ts';

/** HTML that was put together here, as opposed to text, which is escaped wherever it is put in. */
type Html = { html: string };

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text comes from agents and repositories: what would be unseen, or turn the line round, is shown by its code point. */
function text(value: string): string {
  return value
    .replaceAll(/[&<>"']/g, (found) => escapes[found] ?? found)
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, (found) =>
      found === '\n' ? '<br>' : `‹U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`,
    );
}

type Part = string | number | null | Html | Html[];

function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  const put = (part: Part): string => {
    if (part === null) return '—';
    if (Array.isArray(part)) return part.map((one) => one.html).join('');
    return typeof part === 'object' ? part.html : text(String(part));
  };
  return { html: strings.reduce((all, string, n) => all + (n === 0 ? '' : put(parts[n - 1] ?? null)) + string, '') };
}

const nothing: Html = { html: '' };
const dollars = (micros: number) => `$${(micros / 1_000_000).toFixed(micros < 10_000 ? 4 : 2)}`;
const code = (value: string | null): Html => (value === null ? html`—` : html`<code>${value}</code>`);

function table(heads: string[], rows: Part[][]): Html {
  if (rows.length === 0) return html`<p>None.</p>`;
  const cells = (row: Part[]) => row.map((cell) => html`<td>${cell}</td>`);
  return html`<table>
    <thead>
      <tr>
        ${heads.map((head) => html`<th>${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${cells(row)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

const imageOf = (evidence: unknown) => checkEvidence.safeParse(evidence).data?.image ?? null;

function approvalTable(approvals: ChangeFacts['approvals']): Html {
  return table(
    ['What', 'State', 'Decided on (SHA-256)', 'Who, when, from where'],
    approvals.map(({ kind, status: state, digest, votes, selfApproved }) => [
      kind,
      selfApproved ? `${state}, by who asked for it` : state,
      code(digest),
      votes.map(
        (vote) =>
          html`<p>
            ${vote.by} ${vote.verdict} at ${vote.at} from
            ${vote.via}${vote.reason === '' ? nothing : html`: ${vote.reason}`}
          </p>`,
      ),
    ]),
  );
}

function changePart(change: ChangeFacts): Html {
  const { number, task, repo, branch, target, base, head, merged, status, checks, reviews, approvals } = change;
  return html`<section>
    <h2>Change #${number}: ${task.title}</h2>
    <dl>
      <dt>Task</dt>
      <dd>#${task.number}, asked for by ${task.requestedBy}</dd>
      <dt>Repo</dt>
      <dd>${repo}: ${branch} → ${target}</dd>
      <dt>From</dt>
      <dd>${code(base)}</dd>
      <dt>Head</dt>
      <dd>${code(head)}</dd>
      <dt>State</dt>
      <dd>${status}</dd>
      <dt>Merged as</dt>
      <dd>${code(merged)}</dd>
    </dl>
    <h3>Approvals</h3>
    ${approvalTable(approvals)}
    <h3>Checks by Fleet itself</h3>
    ${table(
      ['Commit', 'Verdict', 'At', 'Evidence (SHA-256)', 'Sandbox image'],
      checks.map(({ commit, verdict, at, evidenceSha256, evidence }) => [
        ...[code(commit), verdict, at, code(evidenceSha256), code(imageOf(evidence))],
      ]),
    )}
    <h3>Reviews by agents</h3>
    ${table(
      ['Commit', 'Verdict', 'By', 'At', 'Said'],
      reviews.map(({ commit, verdict, agent, at, summary, findings }) => [
        ...[code(commit), verdict.replace('_', ' '), agent, at],
        `${summary} (findings: ${findings})`,
      ]),
    )}
  </section>`;
}

/** The versions that a run began with, and those that came while it ran. */
function policiesCell(policy: RunFacts['policy'], policies: RunFacts['policies'] = []): Part {
  const begun = html`version ${policy.version}<br /><code>${policy.hash}</code>`;
  const others = policies.filter(({ id }) => id !== policy.id);
  return [
    begun,
    ...others.map(
      (each) =>
        html`<p>
          and version ${each.version} of the ${each.layer}, ${savedWords(each)}<br /><code>${each.hash}</code>
        </p>`,
    ),
  ];
}

type Told = NonNullable<RunFacts['roles']>[number];

const savedWords = ({ savedAt, toldSeq }: Pick<Told, 'savedAt' | 'toldSeq'>): Html =>
  html`saved at ${savedAt}${toldSeq === null ? nothing : html`, told to it by event ${toldSeq}`}`;

/** Versions of its role that came while a run was there. */
function laterRoles({ role, roles = [] }: RunFacts): Html[] {
  const later = roles.filter(({ id }) => id !== role.id);
  return later.map((each) => html`<p>and version ${each.version}, ${savedWords(each)} <code>${each.hash}</code></p>`);
}

function runRow(run: RunFacts): Part[] {
  const {
    id,
    task,
    stage,
    agent,
    role,
    policy,
    agentRevision,
    policies,
    model,
    laterModels,
    images,
    prompt,
    status,
    reason,
    startedAt,
    endedAt,
    costMicros,
    turns,
    toolCalls,
  } = run;
  return [
    html`<code>${id}</code><br />task #${task}, ${stage}`,
    html`${agent}${agentRevision ? `, revision ${agentRevision}` : nothing}<br />role ${role.name}, version
      ${role.version} <code>${role.hash}</code>${laterRoles(run)}`,
    html`${[model, ...(laterModels ?? [])].join(', then ')}<br />prompt <code>${prompt?.systemSha256 ?? null}</code>,
      first message <code>${prompt?.firstMessageSha256 ?? null}</code>`,
    policiesCell(policy, policies),
    `${status}${reason === null ? '' : `: ${reason.replaceAll('_', ' ')}`}`,
    html`${startedAt}<br />${endedAt}`,
    html`${(images ?? []).length === 0 ? null : (images ?? []).map((image) => html`<code>${image}</code> `)}`,
    `${dollars(costMicros)}, ${turns} turns, ${toolCalls} calls`,
  ];
}

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:1100px;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2.5rem;border-top:1px solid #bbb;padding-top:1rem}h3{font-size:1rem;margin-top:1.5rem}
code{font:12px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%;font-size:14px}
th,td{text-align:left;vertical-align:top;border-bottom:1px solid #ddd;padding:.4rem .6rem .4rem 0}td p{margin:0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:#555}dd{margin:0;overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}th,td{border-color:#444}h2{border-color:#555}dt{color:#aaa}}`;

const shown = (body: unknown): Html =>
  html`<details>
    <summary>Show</summary>
    <code>${JSON.stringify(body, null, 1)}</code>
  </details>`;

/** The bundle's page: no script, nothing from elsewhere, and what a person must know to believe it. */
export function evidencePage(facts: EvidenceFacts): string {
  const { about, org, at, by, changes, runs, otherApprovals = [], policies, roles = [], costMicros } = facts;
  const body = html`<h1>Evidence: ${about.words}</h1>
    <p>${org.name} (<code>${org.id}</code>), made for ${by} at ${at}. Cost of the runs: ${dollars(costMicros)}.</p>
    <p>
      This page is for reading. What proves it is <code>log.jsonl</code> beside it: <code>npx fleet verify</code> with
      the whole bundle, or the page <code>/verify</code> of any installation with that file. Digests of this page and of
      <code>evidence.json</code> are in the log (<code>evidence.made</code>), and the log is under a signed head. Proved
      is that Fleet said this at that time and that no event in the file was changed; names of people and agents, and
      what a version holds, are Fleet's word. Where no image of a sandbox is named it was made of the system of the
      worker's host, which the events <code>environment.probed</code> describe, or is older than such records.
    </p>
    ${changes.map(changePart)}
    <section>
      <h2>Runs</h2>
      ${table(['Run', 'Agent', 'Model and prompt (SHA-256)', 'Policy', 'End', 'Began, ended', 'Sandbox image', 'Used'], runs.map(runRow))}
    </section>
    ${
      otherApprovals.length === 0
        ? nothing
        : html`<section>
            <h2>What people decided besides</h2>
            ${approvalTable(otherApprovals.map((one) => ({ ...one, kind: one.about ?? one.kind })))}
          </section>`
    }
    <section>
      <h2>Policy versions</h2>
      ${table(
        ['Version', 'Of', 'Hash', 'Rules'],
        policies.map(({ version, layer, target, hash, body: rules }) => [
          ...[version, target === '' ? layer : `${layer} ${target}`, code(hash), shown(rules)],
        ]),
      )}
    </section>
    <section>
      <h2>Role versions</h2>
      ${table(
        ['Version', 'Of', 'Hash', 'What it says'],
        roles.map(({ version, name, hash, body: says }) => [version, name, code(hash), shown(says)]),
      )}
    </section>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Evidence: ${text(about.words)}</title><style>${style}</style></head>
<body>${body.html}</body></html>
`;
}
