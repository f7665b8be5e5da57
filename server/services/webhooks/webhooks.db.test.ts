import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openReceiver } from '../../adapters/webhooks/testing/receiver.ts';
import { webhookSender } from '../../adapters/webhooks/send-webhook.ts';
import { mostTries } from '../../domain/webhooks/after-try.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { eraseEvent } from '../audit/erase-event.ts';
import { enableWebhook } from './change-webhook.ts';
import { saveWebhook } from './save-webhook.ts';
import { discardDeadLetters, resendDeadLetters, testWebhook } from './send-again.ts';
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

const names = () => namesIn(receiver.got);
const kinds = async ({ org }: World) => (await eventsOf(org)).map(({ kind }) => kind);

describe('what is sealed after a webhook was saved', () => {
  it('arrives in the order of the log, signed, once, and says that it was handed out before it left', async () => {
    const of = await world();
    for (const name of ['one', 'two', 'three']) await of.say(name);
    await of.minute();
    expect(names()).toEqual(['one', 'two', 'three']);
    expect(receiver.got.map(readMessage).map(({ type }) => type)).toEqual([
      'webhook.saved',
      ...Array(3).fill('org.renamed'),
    ]);
    for (const got of receiver.got) expect(isSigned(got, of.secret)).toBe(true);
    expect(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size).toBe(4);
    expect(await kinds(of)).toContain('webhook.queued');
    const before = receiver.got.length;
    await of.minute();
    await of.minute();
    expect(receiver.got.length, 'that they were handed out is told to nobody').toBe(before);
    expect(await of.view()).toMatchObject({ waiting: 0, dead: 0, behind: 0, failingSince: null, problem: null });
    expect(of.reported).toEqual([]);
  });

  it('is a part of the log as it is exported: its lines stand there as they were sent', async () => {
    const of = await world();
    await of.say('one');
    await of.minute();
    const { data } = readMessage(receiver.got.at(-1)!);
    expect(data).toMatchObject({ type: 'event', kind: 'org.renamed', leaf: 2, seq: 3 });
    expect(Object.keys(data)).toEqual([
      'type',
      'leaf',
      'stream',
      'seq',
      'kind',
      'at',
      'header',
      'payload',
      'salt',
      'hash',
    ]);
  });

  it('is what its filter says, in the words of the log', async () => {
    const of = await world({ filter: 'kind:org.* "two"' });
    for (const name of ['one', 'two', 'three']) await of.say(name);
    await of.minute();
    expect(receiver.got).toHaveLength(1);
    expect(names()).toEqual(['two']);
  });

  it('has what stands in a log by then: an event that was erased before it was sent is sent as erased', async () => {
    const of = await world();
    await of.say('somebody’s name');
    await of.seal();
    await of.queue();
    const [stream] = await of.org.db.stream.findMany({ where: { orgId: of.orgId } });
    const deps = { ...of.change(), auditKeys: of.delivering.auditKeys };
    await eraseEvent(deps, { streamId: stream!.id, seq: 3, reason: 'asked for' });
    await of.deliver();
    const erased = receiver.got.map(readMessage).find(({ type }) => type === 'org.renamed');
    expect(erased?.data).toMatchObject({ type: 'erased', tombstone: /fleet-erasure/ });
    expect(receiver.got.map(({ body }) => body).join('')).not.toContain('somebody');
  });
});

describe('what cannot be delivered', () => {
  it('keeps what is behind it in its stream waiting, is tried again with the same id, and nothing is lost or swapped', async () => {
    const of = await world({ filter: 'kind:org.renamed' });
    for (const name of ['one', 'two']) await of.say(name);
    receiver.answer(500);
    expect(await of.minute()).toEqual({ again: false });
    expect(names()).toEqual(['one']);
    expect(await of.view()).toMatchObject({ waiting: 2, problem: 'It answered 500', failingSince: expect.any(String) });
    receiver.answer(204);
    await of.minute();
    expect(names(), 'not before its time').toEqual(['one']);
    of.pass(15_000);
    await of.minute();
    expect(names()).toEqual(['one', 'one', 'two']);
    const [first, second] = receiver.got;
    expect(first?.headers['webhook-id']).toBe(second?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    expect(await of.view()).toMatchObject({ waiting: 0, problem: null, failingSince: null });
  });

  it('waits as long as the receiver asks', async () => {
    const of = await world({ filter: 'kind:org.renamed' });
    await of.say('one');
    receiver.answer((response) => response.writeHead(429, { 'retry-after': '600' }).end());
    await of.minute();
    receiver.answer(204);
    of.pass(599_000);
    await of.minute();
    expect(receiver.got).toHaveLength(1);
    of.pass(1_000);
    await of.minute();
    expect(receiver.got).toHaveLength(2);
  });

  it('does not follow a redirect', async () => {
    const of = await world({ filter: 'kind:org.renamed' });
    await of.say('one');
    receiver.answer((response) => response.writeHead(308, { location: receiver.url }).end());
    await of.minute();
    expect(receiver.got).toHaveLength(1);
    expect(await of.view()).toMatchObject({ problem: /308, a redirect/ });
  });

  it('is a dead letter after the last try; then the next one goes; it is sent again one by one and all at once', async () => {
    const of = await world({ filter: 'kind:org.renamed' });
    receiver.answer((response, { body }) =>
      response.writeHead(body.includes('bad') ? 422 : 204).end(body.includes('bad') ? 'no <b>such</b> name' : ''),
    );
    for (const name of ['bad 1', 'good', 'bad 2']) await of.say(name);
    for (let n = 0; n < 2 * mostTries; n++) {
      await of.minute();
      of.pass(3 * 3_600_000);
    }
    expect(names().filter((name) => name === 'bad 1')).toHaveLength(mostTries);
    expect(names().filter((name) => name === 'good')).toHaveLength(1);
    const view = await of.view();
    expect(view).toMatchObject({ waiting: 0, dead: 2, disabledAt: null });
    expect(view.last.filter(({ state }) => state === 'dead')).toMatchObject([
      { tries: mostTries, problem: 'It answered 422: no <b>such</b> name', event: { seq: 5 } },
      { tries: mostTries, event: { seq: 3 } },
    ]);
    receiver.answer(204);
    const again = { ...of.change(), bus: of.bus };
    const { webhookId } = of;
    const before = receiver.got.length;
    await resendDeadLetters(again, { webhookId, deliveryId: view.last[0]!.id });
    await of.deliver();
    expect(names().slice(before)).toEqual(['bad 2']);
    expect(await resendDeadLetters(again, { webhookId, deliveryId: null })).toEqual({ messages: 1 });
    await of.deliver();
    expect(names().slice(before)).toEqual(['bad 2', 'bad 1']);
    await expect(resendDeadLetters(again, { webhookId, deliveryId: null })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await of.view()).toMatchObject({ dead: 0 });
    expect((await kinds(of)).filter((kind) => kind === 'webhook.resent')).toHaveLength(2);
  });

  it('is discarded one by one or all at once, also while the webhook is off, and never sent again', async () => {
    const of = await world({ filter: 'kind:org.renamed' });
    receiver.answer(422);
    for (const name of ['one', 'two', 'three']) await of.say(name);
    const { webhookId, orgId } = of;
    const db = of.org.db;
    await of.seal();
    await of.queue();
    // As after the last try of each.
    const gone = { state: 'dead' as const, tries: mostTries, endedAt: of.clock.now, problem: 'It answered 422' };
    await db.webhookDelivery.updateMany({ where: { orgId, webhookId }, data: gone });
    await of.say('waits');
    await of.seal();
    await of.queue();
    const { last, dead } = await of.view();
    expect(dead).toBe(3);
    const waiting = await db.webhookDelivery.findFirstOrThrow({ where: { orgId, webhookId, state: 'pending' } });
    const one = { webhookId, deliveryId: last.find(({ event }) => event?.seq === 4)!.id };
    const other = await world();
    await expect(discardDeadLetters(other.change(), one)).rejects.toMatchObject({ code: 'not_found' });
    await expect(discardDeadLetters(of.change(), { webhookId, deliveryId: waiting.id })).rejects.toMatchObject({
      code: 'not_found',
    });
    const twice = await Promise.allSettled([
      discardDeadLetters(of.change(), one),
      discardDeadLetters(of.change(), one),
    ]);
    expect(twice.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await enableWebhook(of.change(), { webhookId, enabled: false });
    expect(await discardDeadLetters(of.change(), { webhookId, deliveryId: null })).toEqual({ messages: 2 });
    await enableWebhook(of.change(), { webhookId, enabled: true });
    receiver.answer(204);
    await of.minute();
    expect(names(), 'what waits is not discarded').toEqual(['waits']);
    expect(await of.view()).toMatchObject({ dead: 0, waiting: 0 });
    const said = (await eventsOf(of.org)).filter(({ kind }) => kind === 'webhook.discarded');
    expect(said.map(({ payload }) => payload)).toMatchObject([
      { webhookId, messages: 1, deliveryId: one.deliveryId },
      { webhookId, messages: 2, deliveryId: null },
    ]);
  });

  it('turns the webhook off after three days without one delivery, tells the owners, and goes on where it was', async () => {
    const of = await world({ filter: 'kind:org.renamed' });
    await of.say('one');
    await receiver.close();
    for (let n = 0; n < 8; n++) {
      await of.minute();
      of.pass(9 * 3_600_000);
    }
    expect(await of.view()).toMatchObject({ disabledAt: null });
    await of.minute();
    expect(await of.view()).toMatchObject({ disabledAt: expect.any(String), problem: /could not be reached/ });
    expect(of.mails).toMatchObject([{ to: of.org.owner.email, subject: /turned off/, text: /three days/ }]);
    expect(await kinds(of)).toContain('webhook.disabled');
    await of.say('two');
    await of.minute();
    await expect(testWebhook({ ...of.change(), bus: of.bus }, of.which)).rejects.toMatchObject({ code: 'conflict' });
    const back = await openReceiver();
    const sendWebhook = webhookSender(back.settings);
    await saveWebhook(
      { ...of.change(), internalHosts: ['hooks.internal'] },
      { webhookId: of.webhookId, url: back.url, filter: 'kind:org.renamed', sendsEvents: true, sendsHeads: false },
    );
    await enableWebhook(of.change(), { webhookId: of.webhookId, enabled: true });
    await of.seal();
    await of.queue();
    await of.deliver({ sendWebhook });
    expect(back.got.map(readMessage).map(({ data }) => JSON.parse(String(data['payload'])) as object)).toMatchObject([
      { to: 'one' },
      { to: 'two' },
    ]);
    await back.close();
    expect(of.mails).toHaveLength(1);
  });

  it('turns it off at once where the receiver says that it is gone', async () => {
    const of = await world();
    await of.say('one');
    receiver.answer(410);
    await of.minute();
    expect(receiver.got).toHaveLength(1);
    expect(await of.view()).toMatchObject({ disabledAt: expect.any(String), waiting: 2 });
    expect(of.mails).toMatchObject([{ text: /it is gone/ }]);
  });
});

describe('a message is sent by one at a time', () => {
  it('while two workers are at it, and once more when the one that had it died', async () => {
    const of = await world({ filter: 'kind:org.renamed' });
    for (const name of ['one', 'two', 'three']) await of.say(name);
    await of.seal();
    await of.queue();
    await Promise.all([of.deliver(), of.deliver(), of.deliver()]);
    expect(names()).toEqual(['one', 'two', 'three']);
    await of.say('four');
    await of.seal();
    await of.queue();
    const dying = async (): Promise<never> => {
      throw new Error('the worker is gone');
    };
    await expect(of.deliver({ sendWebhook: dying })).rejects.toThrow('gone');
    await of.deliver();
    expect(names()).toHaveLength(3);
    of.pass(60_000);
    await of.minute();
    expect(names().at(-1)).toBe('four');
    expect(await of.view()).toMatchObject({ last: expect.arrayContaining([expect.objectContaining({ tries: 2 })]) });
  });

  it('is queued once by two that look at once', async () => {
    const of = await world({ filter: 'kind:org.renamed' });
    for (const name of ['one', 'two']) await of.say(name);
    await of.seal();
    await Promise.all([of.queue(), of.queue(), of.queue()]);
    await of.deliver();
    expect(names()).toEqual(['one', 'two']);
    expect((await kinds(of)).filter((kind) => kind === 'webhook.queued')).toHaveLength(1);
    expect(of.reported).toEqual([]);
  });

  it('is asked for of the engine as soon as it is queued', async () => {
    const of = await world();
    await of.say('one');
    await of.seal();
    await of.queue();
    expect(of.sent).toEqual([{ name: 'webhook/deliver-requested', data: of.which }]);
  });
});
