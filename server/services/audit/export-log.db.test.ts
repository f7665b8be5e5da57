import { beforeAll, expect, it } from 'vitest';
import { appendRunEvents } from '../../db/append-event.ts';
import { exportedLine } from '../../domain/audit/exported-log.ts';
import { fileChecker } from '../../domain/audit/file-checker.ts';
import { nodeHashing } from '../../domain/audit/node-hashing.ts';
import { testAuditKeys } from '../../testing/audit-keys.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeRunWithAll } from '../../testing/factories.ts';
import { exportLog } from './export-log.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

const began = new Date('2026-11-10T12:00:00Z');
const hours = (n: number) => new Date(began.getTime() + n * 3_600_000);

it('an export of what is not long ago, gone on with days later, goes on with what was not long ago when it began', async () => {
  const { database } = tested;
  const { org, runId } = await makeRunWithAll(database);
  const { orgId, db } = org;
  const actor = { type: 'user' as const, userId: org.owner.userId };
  const at = async (time: Date, reason: string) =>
    appendRunEvents(db, {
      ...{ orgId, runId, generation: 0, actor, at: time },
      events: [{ kind: 'run.resumed', payload: { reason } }],
    });
  for (const [time, reason] of [
    [hours(-200), 'old'],
    [hours(-100), 'first'],
    [hours(-1), 'second'],
  ] as const) {
    await at(time, reason);
  }
  const filter = 'kind:run.resumed after:7d before:30m';
  const take = async (now: Date, resume?: { size: number; from: number }) => {
    const deps = { database, auditKeys: testAuditKeys(database), orgId, actor, now };
    const { size, pages } = await exportLog(deps, { form: 'jsonl', filter, resume });
    let text = '';
    for await (const page of pages) text += page;
    return { size, lines: text.trimEnd().split('\n') };
  };
  const whole = await take(began);
  const reasons = (lines: string[]) => lines.flatMap((line) => /\\"reason\\":\\"(\w+)/.exec(line)?.[1] ?? []);
  expect(reasons(whole.lines)).toEqual(['first', 'second']);

  const cut = whole.lines.findIndex((line) => line.includes('first'));
  const last = exportedLine.parse(JSON.parse(whole.lines[cut]!));
  const from = last.type === 'event' ? last.leaf : expect.fail();
  await at(hours(200), 'later');
  const rest = await take(hours(300), { size: whole.size, from });
  expect(reasons(rest.lines)).toEqual(['first', 'second']);
  const checker = fileChecker({ hashing: nodeHashing });
  for (const line of [...whole.lines.slice(0, cut), ...rest.lines]) checker.take(exportedLine.parse(JSON.parse(line)));
  expect(checker.end().problems).toEqual([]);
});
