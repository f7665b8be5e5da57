import { beforeAll, describe, expect, it } from 'vitest';
import { appendOrgEvents, appendRunEvents } from '../db/append-event.ts';
import { exportedLine, type ExportedLine } from '../domain/audit/exported-log.ts';
import { fileChecker } from '../domain/audit/file-checker.ts';
import { nodeHashing } from '../domain/audit/node-hashing.ts';
import type { TestDatabase } from '../testing/database.ts';
import { makeApiKey, makeMember, makeOrg, makeRunWithAll } from '../testing/factories.ts';
import type { Served } from './testing/serve.ts';
import { servedWeb } from './testing/served-web.ts';
import { signedInCookie } from './testing/sign-in.ts';

let tested: TestDatabase;
let served: Served;
beforeAll(async () => {
  ({ tested, served } = await servedWeb());
});

const actor = { type: 'system' as const, reason: 'test' };

async function logOf(count: number) {
  const made = await makeRunWithAll(tested.database);
  const { runId, org } = made;
  const run = async (reasons: string[]) =>
    appendRunEvents(org.db, {
      ...{ orgId: org.orgId, runId, generation: 0, actor, at: new Date() },
      events: reasons.map((reason) => ({ kind: 'run.resumed' as const, payload: { reason } })),
    });
  await run(Array.from({ length: count }, (_, n) => `r${n}`));
  await tested.database.transaction(org.orgId, (tx) =>
    appendOrgEvents(tx, {
      ...{ orgId: org.orgId, actor, at: new Date() },
      events: [
        { kind: 'run.stop-requested', payload: { runId, reason: '=HYPERLINK("x")' } },
        { kind: 'run.stop-requested', payload: { runId: 'run_other', reason: `"runId":"${runId}"` } },
      ],
    }),
  );
  const { key } = await makeApiKey(tested.database, org);
  return { ...made, key, slug: org.slug };
}

const post = (slug: string, headers: Record<string, string>, fields: Record<string, string>) =>
  fetch(`${served.url}/api/orgs/${slug}/export`, { method: 'POST', headers, body: new URLSearchParams(fields) });
const exported = async (of: { slug: string; key: string }, fields: Record<string, string>) => {
  const response = await post(of.slug, { authorization: `Bearer ${of.key}` }, fields);
  const text = await response.text();
  if (!response.ok) expect.fail(`${response.status} ${text}`);
  return { text, size: response.headers.get('fleet-export-size') ?? '' };
};
const linesOf = (text: string): ExportedLine[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => exportedLine.parse(JSON.parse(line)));
const verdictOf = (text: string) => {
  const checker = fileChecker({ hashing: nodeHashing });
  for (const line of linesOf(text)) checker.take(line);
  return checker.end();
};
const reasons = (text: string) =>
  linesOf(text).flatMap((line) =>
    line.type === 'event' ? [(JSON.parse(line.payload) as { reason?: string }).reason] : [],
  );

describe('an export', () => {
  it('is the whole log, whose last event is that it was made', async () => {
    const of = await logOf(3);
    const { text, size } = await exported(of, {});
    expect(verdictOf(text)).toMatchObject({ problems: [], excerpt: null, events: Number(size) });
    const last = linesOf(text).findLast((line) => line.type === 'event' && line.kind === 'audit.exported');
    expect(last).toMatchObject({ payload: expect.stringContaining('"form":"jsonl"') });
  });

  it('with a filter is an excerpt that verifies, page after page', async () => {
    const of = await logOf(2500);
    const { text, size } = await exported(of, { filter: 'kind:run.resumed r24' });
    const verdict = verdictOf(text);
    expect(verdict).toMatchObject({ problems: [], events: 111 });
    expect(verdict.events + (verdict.excerpt?.omitted ?? 0)).toBe(Number(size));
  });

  it.each([
    ['log:org kind:run.*', ['=HYPERLINK("x")']],
    ['kind:run.resumed', ['r0', 'r1', 'r2']],
    ['kind:run.resumed R1', ['r1']],
    ['actor:people kind:run.*', []],
    ['actor:fleet kind:run.resumed', ['r0', 'r1', 'r2']],
    ['kind:run.* before:1d', []],
    ['kind:run.resumed after:1d', ['r0', 'r1', 'r2']],
  ])('%s', async (filter, expected) => {
    const of = await logOf(3);
    const all = reasons((await exported(of, { filter: `${filter} run:${of.runId}` })).text);
    expect(all).toEqual(expected);
  });

  it('finds what belongs to a task and a repo, and no text that only looks as if', async () => {
    const of = await logOf(1);
    const { number, repo } = await tested.database
      .org(of.org.orgId)
      .task.findFirstOrThrow({ where: { orgId: of.org.orgId }, include: { repo: true } });
    for (const filter of [`task:#${number}`, `task:${number} repo:"${repo.name}"`, `repo:${repo.id}`]) {
      const found = reasons((await exported(of, { filter: `${filter} kind:run.*` })).text);
      expect(found).toEqual(expect.arrayContaining(['r0', '=HYPERLINK("x")']));
      expect(found).toHaveLength(2);
    }
  });

  it('goes on where it was broken off', async () => {
    const of = await logOf(1500);
    for (const filter of ['', 'kind:run.resumed']) {
      const { text, size } = await exported(of, { filter });
      const lines = text.split('\n');
      const cut = lines.slice(0, 700).join('\n').length + 30;
      const kept = text.slice(0, cut).split('\n').slice(0, -1);
      const at = kept.findLastIndex((line) => /^\{"type":"(?:event|omitted)"/.test(line));
      const last = exportedLine.parse(JSON.parse(kept[at] ?? ''));
      const from = last.type === 'event' ? last.leaf : last.type === 'omitted' ? last.from : expect.fail();
      const rest = await exported(of, { filter, size, from: String(from) });
      expect(verdictOf([...kept.slice(0, at), rest.text].join('\n'))).toMatchObject({ problems: [] });
      if (filter === '') expect([...kept.slice(0, at), rest.text].join('\n')).toBe(text);
    }
  });

  it('as CSV has a heading and an event a line', async () => {
    const of = await logOf(1);
    const { text } = await exported(of, { form: 'csv', filter: 'kind:run.*' });
    const [heading, ...rows] = text.trimEnd().split('\r\n');
    expect(heading).toBe('leaf,at,kind,actor,log,subject,stream,seq,hash,payload');
    expect(rows).toHaveLength(3);
  });
});

describe('who may not export', () => {
  it.each([
    ['a form that another site sent', { origin: 'https://evil.example' }, 403],
    ['a browser that says not where it was sent from', {}, 403],
  ])('%s', async (_, headers, status) => {
    const org = await makeOrg(tested.database);
    const cookie = await signedInCookie(tested.database, org.owner.userId);
    expect((await post(org.slug, { cookie, ...headers }, {})).status).toBe(status);
    expect((await post(org.slug, { cookie, origin: served.url }, {})).status).toBe(200);
  });

  it('nobody, a stranger, a member whose role has no audit, and a key of another org', async () => {
    const [org, other] = [await makeOrg(tested.database), await makeOrg(tested.database)];
    const origin = served.url;
    expect((await post(org.slug, { origin }, {})).status).toBe(401);
    const stranger = await signedInCookie(tested.database, other.owner.userId);
    expect((await post(org.slug, { origin, cookie: stranger }, {})).status).toBe(404);
    const member = await makeMember(tested.database, org, 'member');
    const cookie = await signedInCookie(tested.database, member.userId);
    expect((await post(org.slug, { origin, cookie }, {})).status).toBe(403);
    const { key } = await makeApiKey(tested.database, other);
    expect((await post(org.slug, { authorization: `Bearer ${key}` }, {})).status).toBe(404);
  });

  it('a browser’s form is led to a page that says why, in words that no script reads', async () => {
    const org = await makeOrg(tested.database);
    const member = await makeMember(tested.database, org, 'member');
    const cookie = await signedInCookie(tested.database, member.userId);
    const asked = { method: 'POST', redirect: 'manual', body: new URLSearchParams() } as const;
    const headers = { cookie, origin: served.url, accept: 'text/html,application/xhtml+xml' };
    const answer = await fetch(`${served.url}/api/orgs/${org.slug}/export`, { ...asked, headers });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/${org.slug}/download-failed`]);
    const [note = ''] = answer.headers.getSetCookie();
    expect(decodeURIComponent(note)).toContain('Your role in this org, member, does not include audit:verify.');
    expect(note).toMatch(/; Path=\/; Max-Age=60; HttpOnly; SameSite=Lax$/);
  });

  it.each([
    ['knid:x', 'There is no field knid'],
    ['actor:nobody@example.com', 'There is no actor'],
    ['task:99', 'There is no task'],
    ['after:soon', 'soon is no time'],
  ])('a filter such as %s is refused, and nothing is noted', async (filter, words) => {
    const of = await logOf(1);
    const response = await post(of.slug, { authorization: `Bearer ${of.key}` }, { filter });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(words);
    const { text } = await exported(of, { filter: 'kind:audit.exported' });
    expect(verdictOf(text).events).toBe(1);
  });
});
