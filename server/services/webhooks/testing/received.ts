import { createHmac } from 'node:crypto';
import type { Received } from '../../../adapters/webhooks/testing/receiver.ts';
import { readEvents } from '../../../db/read-events.ts';
import type { TestOrg } from '../../../testing/factories.ts';

type Message = { type: string; timestamp: string; data: Record<string, unknown> };
export const readMessage = ({ body }: Received) => JSON.parse(body) as Message;

/** What the org was renamed to, in the order in which that arrived. */
export const namesIn = (got: Received[]) =>
  got.flatMap((each) => {
    const { type, data } = readMessage(each);
    return type === 'org.renamed' ? [(JSON.parse(String(data['payload'])) as { to: string }).to] : [];
  });

export const eventsOf = ({ db, orgId }: TestOrg) =>
  readEvents(db, { orgId, kind: 'org', subject: orgId, afterSeq: 0, limit: 500 });

/** As a receiver looks at it that has the secret. */
export function isSigned({ headers, body }: Received, secret: string): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const mine = `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(mine);
}
