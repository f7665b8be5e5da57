import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { readTreeHead } from '../../db/seal-tree.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import type { SecretBoxes } from '../../domain/ports/secret-box.ts';
import { assertStreamFilter, placeOfWebhook, webhookEntry, type WebhookEntry } from '../../domain/webhooks/webhook.ts';
import { resolveFilter } from '../audit/resolve-filter.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { newWebhookSecret } from './webhook-secret.ts';

export type WebhookDeps = { database: Database; orgId: string; actor: Actor; now: Date };
type Deps = WebhookDeps & {
  secretBoxes: SecretBoxes;
  /** Hosts that the operator vouches for: they may be called without TLS. */
  internalHosts: readonly string[];
};

const mostWebhooks = 10;

/**
 * Saves a webhook. A new one gets what is sealed from now on; its secret is in the answer, this once and never again. `webhookId`: the
 * one to change, which goes on where it is. Throws `invalid_input`, `conflict` for too many, `not_found`.
 */
export async function saveWebhook(
  deps: Deps,
  { webhookId, ...asked }: WebhookEntry & { webhookId: string | null },
): Promise<{ webhookId: string; secret: string | null }> {
  const { database, orgId, actor, now, secretBoxes } = deps;
  const entry = await read(deps, asked);
  const id = webhookId ?? newId('webhook');
  const made = webhookId === null ? await newWebhookSecret(secretBoxes, { orgId, id }) : null;
  await database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const from =
      made === null ? await change(tx, { orgId, id, entry }) : await add(tx, { orgId, id, entry, now, made });
    const { url, ...rest } = entry;
    const payload = { webhookId: id, place: placeOfWebhook(url), ...rest, from, replaced: made === null };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'webhook.saved', payload }] });
  });
  return { webhookId: id, secret: made?.secret ?? null };
}

async function read({ database, orgId, now, internalHosts }: Deps, asked: WebhookEntry): Promise<WebhookEntry> {
  const parsed = webhookEntry.safeParse(asked);
  if (!parsed.success) throw new AppError('invalid_input', parsed.error.issues[0]?.message ?? 'This cannot be read.');
  const { url, filter } = parsed.data;
  assertStreamFilter(filter);
  await resolveFilter({ db: database.org(orgId), system: database.system, orgId, now }, filter);
  const { protocol, hostname, href } = new URL(url);
  if (protocol !== 'https:' && !internalHosts.includes(hostname)) {
    throw new AppError('invalid_input', `Write an https address: ${hostname} may not be called without encryption.`);
  }
  return { ...parsed.data, url: href };
}

type Row = { orgId: string; id: string; entry: WebhookEntry };

async function change(tx: OrgTx, { orgId, id, entry }: Row): Promise<number> {
  const [row] = await tx.webhook.updateManyAndReturn({ where: { orgId, id }, data: { ...entry, problem: null } });
  if (!row) throw noWebhook();
  return row.nextLeaf;
}

type New = Row & { now: Date; made: Awaited<ReturnType<typeof newWebhookSecret>> };

async function add(tx: OrgTx, { orgId, id, entry, now, made: { sealed } }: New): Promise<number> {
  if ((await tx.webhook.count({ where: { orgId } })) >= mostWebhooks) {
    throw new AppError('conflict', `An org has at most ${mostWebhooks} webhooks. Remove one that nobody needs.`);
  }
  const size = (await readTreeHead(tx))?.size ?? 0;
  const places = { nextLeaf: size, headSize: size };
  await tx.webhook.create({ data: { orgId, id, ...entry, ...places, ...sealed, createdAt: now } });
  return size;
}

export function noWebhook(): AppError {
  return new AppError('not_found', 'There is no such webhook in this org any more.');
}
