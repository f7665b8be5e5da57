import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openReceiver } from '../../adapters/webhooks/testing/receiver.ts';
import { headFiles } from '../../adapters/audit/head-files.ts';
import { webhookSender } from '../../adapters/webhooks/send-webhook.ts';
import { keptHeads } from '../../domain/audit/kept-heads.ts';
import { scratchFolder } from '../../testing/scratch-folder.ts';
import { keepHeads } from '../audit/keep-heads.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { changeWebhookSecret, removeWebhook } from './change-webhook.ts';
import { saveWebhook } from './save-webhook.ts';
import { testWebhook } from './send-again.ts';
import { hookWorld } from './testing/hook-world.ts';
import { eventsOf, isSigned, namesIn, readMessage } from './testing/received.ts';

let tested: TestDatabase;
let receiver: Awaited<ReturnType<typeof openReceiver>>;
beforeAll(async () => {
  tested = await testDatabase();
});
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(() => receiver.close());

const world = (over: Parameters<typeof hookWorld>[1]['over'] = {}) =>
  hookWorld(tested, { url: receiver.url, sendWebhook: webhookSender(receiver.settings), over });
type World = Awaited<ReturnType<typeof world>>;

describe('signed heads', () => {
  it('of every org are kept in a file too, whoever signed them, once each', async () => {
    const of = await world();
    const { database, auditKeys } = of.delivering;
    const mine = {
      ...database,
      headSizes: async () => (await database.headSizes()).filter((one) => one.orgId === of.orgId),
    };
    const folder = scratchFolder();
    const keep = (headKeeper = headFiles(folder)) =>
      keepHeads({ database: mine, auditKeys, headKeeper, report: (error) => void of.reported.push(error) });
    expect(await keep()).toEqual({ kept: 1 });
    expect(await keep()).toEqual({ kept: 0 });
    await of.say('one');
    await of.seal();
    const failing = { lastSize: async () => 0, keep: async () => Promise.reject(new Error('the disk is full')) };
    expect(await keep(failing)).toEqual({ kept: 0 });
    expect(of.reported).toMatchObject([{ message: 'the disk is full' }]);
    expect(await keep()).toEqual({ kept: 1 });
    const heads = keptHeads(readFileSync(path.join(folder, `${of.orgId}.jsonl`), 'utf8'));
    expect(heads.map((head) => (head.type === 'tree' ? head.size : null))).toEqual([1, 3]);
  });

  it('are sent as lines that stand in an exported log, and hold a log to them', async () => {
    const of = await world({ sendsEvents: false, sendsHeads: true });
    await of.say('one');
    await of.minute();
    await of.say('two');
    await of.minute();
    expect(receiver.got.map(readMessage)).toMatchObject([
      { type: 'audit.head', data: { type: 'head', note: /^fleet-audit\// } },
      { type: 'audit.head', data: { type: 'head' } },
    ]);
    const kept = keptHeads(receiver.got.map(({ body }) => `${body}\n`).join(''));
    expect(kept).toMatchObject([{ type: 'tree', size: 3, origin: `fleet-audit/${of.orgId}` }, { size: 4 }]);
    expect((await eventsOf(of.org)).map(({ kind }) => kind)).not.toContain('webhook.queued');
  });
});

describe('its secret', () => {
  it('is shown once and is nowhere in clear; a new one signs beside it for a day', async () => {
    const of = await world();
    expect(of.secret).toMatch(/^whsec_[\w+/=]{44}$/);
    const { secret } = await changeWebhookSecret(of.change(), of.which);
    await testWebhook({ ...of.change(), bus: of.bus }, of.which);
    await of.deliver();
    expect(isSigned(receiver.got[0]!, of.secret)).toBe(true);
    expect(isSigned(receiver.got[0]!, secret)).toBe(true);
    expect(readMessage(receiver.got[0]!)).toMatchObject({ type: 'webhook.test', data: { org: of.orgId } });
    of.pass(86_400_000);
    await testWebhook({ ...of.change(), bus: of.bus }, of.which);
    await of.deliver();
    expect(isSigned(receiver.got[1]!, of.secret)).toBe(false);
    expect(isSigned(receiver.got[1]!, secret)).toBe(true);
    const rows = await tested.admin(`select encode(ciphertext, 'escape') as c, w.* from webhook w`);
    const events = await eventsOf(of.org);
    const everything = JSON.stringify([rows, events, await of.view()]);
    for (const each of [of.secret, secret]) expect(everything).not.toContain(each.slice(6));
    expect(JSON.stringify(events), 'a path may be a secret').not.toContain('/in');
  });
});

describe('saving one', () => {
  const save = async (of: World, over: object) =>
    saveWebhook(
      { ...of.change(), internalHosts: [] },
      { webhookId: null, url: 'https://a.example/', filter: '', sendsEvents: true, sendsHeads: false, ...over },
    );

  it('refuses what is no address, no filter, of a stretch of time, of names that are not here, and too many', async () => {
    const of = await world();
    for (const over of [
      { url: 'http://a.example/' },
      { url: 'mailto:a@example.com' },
      { filter: 'after:7d' },
      { filter: 'nothing:x' },
      { filter: 'repo:none' },
      { sendsEvents: false },
    ]) {
      await expect(save(of, over), JSON.stringify(over)).rejects.toMatchObject({ code: 'invalid_input' });
    }
    for (let n = 1; n < 10; n++) await save(of, {});
    await expect(save(of, {})).rejects.toMatchObject({ code: 'conflict' });
  });

  it('says what is wrong with a filter whose name is gone, and goes on when it is mended', async () => {
    const of = await world();
    await of.org.db.webhook.updateMany({ where: { orgId: of.orgId }, data: { filter: 'repo:gone' } });
    await of.say('one');
    await of.minute();
    expect(receiver.got).toEqual([]);
    expect(await of.view()).toMatchObject({ problem: /filter cannot be read/, behind: 2 });
    await saveWebhook(
      { ...of.change(), internalHosts: ['hooks.internal'] },
      { webhookId: of.webhookId, url: receiver.url, filter: '', sendsEvents: true, sendsHeads: false },
    );
    await of.minute();
    expect(namesIn(receiver.got)).toEqual(['one']);
  });

  it('removed, takes what waits along', async () => {
    const of = await world();
    await of.say('one');
    await of.seal();
    await of.queue();
    await removeWebhook(of.change(), of.which);
    expect(await of.deliver()).toEqual({ again: false });
    expect(receiver.got).toEqual([]);
    await expect(removeWebhook(of.change(), of.which)).rejects.toMatchObject({ code: 'not_found' });
    expect(await of.org.db.webhookDelivery.count({ where: { orgId: of.orgId } })).toBe(0);
  });
});
