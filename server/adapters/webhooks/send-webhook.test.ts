import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directEgress } from '../egress/settings.ts';
import { webhookSender } from './send-webhook.ts';
import { openReceiver } from './testing/receiver.ts';

let receiver: Awaited<ReturnType<typeof openReceiver>>;
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(() => receiver.close());

const message = { headers: { 'webhook-id': 'm1', 'content-type': 'application/json' }, body: '{"ö":1}' };
const send = (url = receiver.url, options = {}) => webhookSender(receiver.settings, options)({ url, ...message });

describe('a message to a webhook', () => {
  it('is posted as it is, and what is answered is told', async () => {
    receiver.answer((response) => response.writeHead(503, { 'retry-after': '9' }).end('not now'));
    expect(await send(`${receiver.url}?a=b`)).toEqual({
      ...{ kind: 'answered', status: 503, retryAfter: '9', text: 'not now' },
    });
    expect(receiver.got).toMatchObject([
      { path: '/in?a=b', body: message.body, headers: { 'webhook-id': 'm1', host: `hooks.internal:${receiver.port}` } },
    ]);
  });

  it('follows no redirect', async () => {
    receiver.answer((response) => response.writeHead(307, { location: receiver.url }).end());
    expect(await send()).toMatchObject({ kind: 'answered', status: 307 });
    expect(receiver.got).toHaveLength(1);
  });

  it('waits so long and no longer, for an answer and for its end', async () => {
    const late = { kind: 'unsent', why: 'It did not answer in 0.05 s' };
    receiver.answer(() => undefined);
    expect(await send(receiver.url, { timeoutMs: 50 })).toEqual(late);
    receiver.answer((response) => void response.writeHead(200).write('and'));
    expect(await send(receiver.url, { timeoutMs: 50 })).toEqual(late);
  });

  it('reads no answer without end', async () => {
    receiver.answer((response) => {
      response.writeHead(400);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(1_000)));
      };
      response.on('drain', more);
      more();
    });
    expect(await send()).toEqual({ kind: 'answered', status: 400, retryAfter: null, text: 'x'.repeat(2_000) });
  });

  it('says why it could not be sent', async () => {
    receiver.answer((response) => response.destroy());
    expect(await send()).toMatchObject({ kind: 'unsent', why: /socket hang up|ECONNRESET/ });
    await receiver.close();
    expect(await send()).toMatchObject({ kind: 'unsent', why: /could not be reached/ });
  });
});

describe('where no message goes', () => {
  const refused = async (url: string, resolve: () => Promise<string[]>) =>
    webhookSender({ ...directEgress, resolve })({ url, ...message });

  it.each(['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1'])(
    '%s, by whatever name',
    async (to) => {
      for (const found of [[to], ['93.184.216.34', to]]) {
        expect(await refused(`https://a.example:${receiver.port}/`, async () => found)).toMatchObject({
          kind: 'unsent',
          why: /not a public address/,
        });
      }
      expect(receiver.got).toEqual([]);
    },
  );

  it('without encryption to a host that the operator does not vouch for', async () => {
    expect(await refused('http://a.example/', async () => ['93.184.216.34'])).toMatchObject({ why: /encryption/ });
  });

  it('to a server that is not who it says it is', async () => {
    expect(await send(receiver.url.replace('http:', 'https:'))).toMatchObject({ why: /no secure connection/ });
    expect(receiver.got).toEqual([]);
  });
});
