import type { BusEvent } from '../../../../inngest/bus/events.ts';
import { appendOrgEvents } from '../../../db/append-event.ts';
import type { Database } from '../../../db/connect.ts';
import { sealTree } from '../../../db/seal-tree.ts';
import type { Mail } from '../../../domain/ports/mailer.ts';
import type { SendWebhook } from '../../../domain/ports/send-webhook.ts';
import { testAuditKeys } from '../../../testing/audit-keys.ts';
import type { TestDatabase } from '../../../testing/database.ts';
import { makeOrg } from '../../../testing/factories.ts';
import { testSecretBoxes } from '../../../testing/secret-boxes.ts';
import { queryOf } from '../../views/testing/approvals.ts';
import { deliverWebhook, type Delivering } from '../deliver-webhook.ts';
import { getWebhooks } from '../get-webhooks.ts';
import { queueDeliveries } from '../queue-deliveries.ts';
import { saveWebhook } from '../save-webhook.ts';

const asked = { webhookId: null, filter: '', sendsEvents: true, sendsHeads: false };

/** An org with a webhook to `url` on a database whose clock stands until it is moved. */
export async function hookWorld(
  tested: TestDatabase,
  { url, sendWebhook, over = {} }: { url: string; sendWebhook: SendWebhook; over?: Partial<typeof asked> },
) {
  const clock = { now: new Date() };
  const database: Database = { ...tested.database, time: async () => clock.now };
  const org = await makeOrg(database);
  const { orgId } = org;
  const actor = { type: 'user' as const, userId: org.owner.userId };
  const [auditKeys, secretBoxes] = [testAuditKeys(database), testSecretBoxes(database)];
  const change = () => ({ database, orgId, actor, now: clock.now, secretBoxes });
  const [mails, reported, sent]: [Mail[], unknown[], BusEvent[]] = [[], [], []];
  const report = (error: unknown) => void reported.push(error);
  const bus = { send: async (events: BusEvent[]) => void sent.push(...events), lost: report };
  const delivering: Delivering = {
    ...{ database, auditKeys, secretBoxes, sendWebhook, report },
    mailer: { send: async (mail) => void mails.push(mail) },
    clock: { now: () => clock.now, elapsed: () => 0, sleep: async () => undefined },
    roll: () => 0,
    draining: new AbortController().signal,
  };
  await sealTree(database, { orgId, keys: auditKeys, now: clock.now });
  const made = await saveWebhook({ ...change(), internalHosts: ['hooks.internal'] }, { url, ...asked, ...over });
  const { webhookId } = made;
  const which = { orgId, webhookId };
  const seal = () => sealTree(database, { orgId, keys: auditKeys, now: clock.now });
  const queue = () => queueDeliveries({ database: onlyOf(database, which), bus, report });
  return {
    ...{
      org,
      orgId,
      webhookId,
      secret: made.secret ?? '',
      which,
      clock,
      change,
      mails,
      reported,
      sent,
      bus,
      delivering,
    },
    /** Something happens, which the next seal has. */
    say: (name: string) =>
      database.transaction(orgId, (tx) =>
        appendOrgEvents(tx, {
          ...{ orgId, actor, at: clock.now },
          events: [{ kind: 'org.renamed', payload: { from: 'a', to: name } }],
        }),
      ),
    seal,
    queue,
    deliver: (changed: Partial<Delivering> = {}) => deliverWebhook({ ...delivering, ...changed }, which),
    /** What the engine does every minute. */
    async minute() {
      await seal();
      await queue();
      return deliverWebhook(delivering, which);
    },
    async view() {
      const [view] = await getWebhooks({ ...queryOf(database, org), now: clock.now });
      return view!;
    },
    pass: (ms: number) => void (clock.now = new Date(clock.now.getTime() + ms)),
  };
}

/** Other tests' webhooks are none of this one's. */
function onlyOf(database: Database, { orgId, webhookId: id }: { orgId: string; webhookId: string }): Database {
  const mine = async () => (await database.webhooksAtWork()).filter((each) => each.orgId === orgId && each.id === id);
  return { ...database, webhooksAtWork: mine };
}
