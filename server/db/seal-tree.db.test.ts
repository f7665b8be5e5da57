import { beforeAll, describe, expect, test } from 'vitest';
import { checkSignature, checkpointNote, originOf, parseCheckpoint } from '../domain/audit/checkpoint.ts';
import { exportedLine } from '../domain/audit/exported-log.ts';
import type { SealedHead } from '../domain/audit/head-note.ts';
import { LogChecker } from '../domain/audit/log-checker.ts';
import { growsInto, includes, leafHash } from '../domain/audit/merkle.ts';
import { nodeHashing } from '../domain/audit/node-hashing.ts';
import { testAuditKeys } from '../testing/audit-keys.ts';
import { testDatabase } from '../testing/database.ts';
import type { TestDatabase } from '../testing/database.ts';
import { makeRunWithAll } from '../testing/factories.ts';
import { appendOrgEvents, appendRunEvents } from './append-event.ts';
import { headSealedAt, exportLines } from './export-log.ts';
import { leafOf, proveGrowth, proveLeaf } from './read-tree.ts';
import { readTreeHead, sealTree } from './seal-tree.ts';

const { sha256 } = nodeHashing;
const now = new Date('2026-11-01T10:00:00.000Z');

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});

const keysUnder = (master: string) => testAuditKeys(t.database, master.repeat(32));

async function written() {
  const made = await makeRunWithAll(t.database);
  const { runId, streamId } = made;
  const { orgId, db } = made.org;
  const keys = keysUnder('ab');
  const actor = { type: 'system' as const, reason: 'test' };
  const event = { kind: 'run.resumed' as const, payload: { reason: 'x' } };
  const run = (count: number) =>
    appendRunEvents(db, { orgId, runId, generation: 0, actor, at: now, events: Array(count).fill(event) });
  const org = (count: number) =>
    t.database.transaction(orgId, (tx) =>
      appendOrgEvents(tx, {
        ...{ orgId, actor, at: now },
        events: Array(count).fill({ kind: 'run.stop-requested', payload: { runId, reason: 'x' } }),
      }),
    );
  const seal = async () => {
    const head = await sealTree(t.database, { orgId, keys, now });
    return head ?? expect.fail('a head');
  };
  return { orgId, db, streamId, keys, run, org, seal };
}

const hashOf = async (orgId: string, streamId: string, seq: number) => {
  const sql = 'select hash from event where org_id = $1 and stream_id = $2 and seq = $3';
  const [row] = await t.admin<{ hash: Buffer }>(sql, [orgId, streamId, seq]);
  return row?.hash ?? expect.fail('an event');
};

describe('sealing', () => {
  test('takes every event of every stream in, once, and signs what came out', async () => {
    const { orgId, db, keys, run, org, seal } = await written();
    const before = (await seal()).size;
    await run(3);
    await org(2);
    expect(await t.database.unsealedOrgs()).toContain(orgId);
    const head = await seal();
    expect(head.size).toBe(before + 5);
    expect(await t.database.unsealedOrgs()).not.toContain(orgId);
    expect(await seal()).toEqual(head);
    expect(await readTreeHead(db)).toEqual(head);
    const signer = await keys.signer();
    const note = checkpointNote(sha256, { ...head, origin: originOf(orgId) }, { ...signer, signature: head.signature });
    const checkpoint = parseCheckpoint(note) ?? expect.fail('a checkpoint');
    expect(checkSignature(nodeHashing, checkpoint, await keys.published())).toBe('signed');
  });

  test('by many at once is done once', async () => {
    const { orgId, run, seal } = await written();
    await run(40);
    const heads = await Promise.all(Array.from({ length: 8 }, () => seal()));
    expect(new Set(heads.map(({ size }) => size)).size).toBe(1);
    const [{ leaves } = { leaves: 0 }] = await t.admin<{ leaves: number }>(
      'select sum(to_seq - from_seq + 1)::int as leaves from tree_segment where org_id = $1',
      [orgId],
    );
    expect(leaves).toBe(heads[0]?.size);
  });

  test('what is not whole is not signed', async () => {
    const { orgId, db, streamId, run, seal } = await written();
    await run(3);
    await t.admin(
      `alter table event disable trigger append_only; delete from event where stream_id = '${streamId}' and seq = 2;
       alter table event enable always trigger append_only`,
    );
    await expect(seal()).rejects.toMatchObject({ code: 'conflict', detail: { stream: streamId } });
    expect(await readTreeHead(db)).toBeNull();
    expect(await t.database.unsealedOrgs()).toContain(orgId);
  });
});

describe('proofs out of the database', () => {
  test('hold for events and for growth, over the levels that are kept', async () => {
    const { orgId, db, streamId, run, org, seal } = await written();
    const heads: SealedHead[] = [];
    for (const [runs, orgs] of [
      [5, 1],
      [300, 0],
      [1, 2],
      [420, 90],
    ] as const) {
      await run(runs);
      if (orgs > 0) await org(orgs);
      heads.push(await seal());
    }
    const last = heads.at(-1) ?? expect.fail('a head');
    expect(last.size).toBeGreaterThan(768);
    for (const seq of [1, 2, 5, 6, 200, 256, 257, 305, 306, 307, 700, 726]) {
      const leaf = (await leafOf(db, { streamId, seq })) ?? expect.fail('a leaf');
      const hash = leafHash(sha256, await hashOf(orgId, streamId, seq));
      for (const { size, root } of heads.filter((head) => head.size > leaf)) {
        const proof = await proveLeaf(db, { leaf, size });
        expect(includes(sha256, { leaf: hash, index: leaf, size, proof, root })).toBe(true);
      }
    }
    for (const first of heads) {
      const proof = await proveGrowth(db, { first: first.size, second: last.size });
      expect(growsInto(sha256, { first, second: last, proof })).toBe(true);
    }
    expect(await leafOf(db, { streamId, seq: 727 })).toBeNull();
  });
});

describe('an exported log', () => {
  test('is whole, page after page, and every head is where it was signed', async () => {
    const { db, keys, run, org, seal } = await written();
    for (const [runs, orgs] of [
      [3, 2],
      [700, 1],
      [2, 600],
    ] as const) {
      await run(runs);
      await org(orgs);
      await seal();
    }
    const { size } = await seal();
    await run(5);
    const checker = new LogChecker({ hashing: nodeHashing, keys: await keys.published() });
    const of = { size, keys: await keys.published() };
    for await (const line of exportLines(db, of)) checker.take(exportedLine.parse(JSON.parse(JSON.stringify(line))));
    expect(checker.end()).toMatchObject({ streams: 2, events: size, heads: 3, problems: [] });
    await expect(headSealedAt(db, size - 1)).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('shows what was taken out of the database since', async () => {
    const { db, streamId, keys, run, seal } = await written();
    await run(9);
    const { size } = await seal();
    await t.admin(
      `alter table event disable trigger append_only; delete from event where stream_id = '${streamId}' and seq > 6;
       alter table event enable always trigger append_only`,
    );
    const checker = new LogChecker({ hashing: nodeHashing });
    for await (const line of exportLines(db, { size, keys: await keys.published() })) checker.take(line);
    const { problems } = checker.end();
    expect(problems).toContainEqual(expect.objectContaining({ tampering: 'missing', stream: streamId, seq: 7 }));
  });
});

describe('the installation’s keys', () => {
  test('are made once, whoever asks first, and open under their master key only', async () => {
    await t.admin(
      'alter table audit_key disable trigger all; delete from audit_key; alter table audit_key enable always trigger append_only',
    );
    const names = await Promise.all(Array.from({ length: 5 }, async () => (await keysUnder('ab').signer()).name));
    expect(new Set(names).size).toBe(1);
    await expect(keysUnder('cd').published()).rejects.toMatchObject({ code: 'unavailable' });
    const stored = await t.admin<{ ciphertext: Buffer }>('select ciphertext from audit_key');
    expect(stored).toHaveLength(1);
    expect(stored[0]?.ciphertext.toString('latin1')).not.toContain('PRIVATE KEY');
  });
});
