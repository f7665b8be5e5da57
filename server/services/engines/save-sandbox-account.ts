import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import {
  baseUrlOf,
  sandboxAccountEntry,
  type SandboxAccount,
  type SandboxAccountEntry,
} from '../../domain/engines/sandbox-account.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import type { AskSandboxService } from '../../domain/ports/ask-sandbox-service.ts';
import type { SecretBoxes } from '../../domain/ports/secret-box.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { accountContext } from './sandbox-account.ts';

type Deps = {
  database: Database;
  orgId: string;
  actor: Actor;
  now: Date;
  secretBoxes: SecretBoxes;
  askSandboxService: AskSandboxService;
};

/**
 * Lets an org's sandboxes be made on its own account, which is called once before anything is saved. The key is sealed for
 * that address and never shown again. Throws `invalid_input` for what is none, for an address that may not be called, a key
 * that the service rejects, or no answer.
 */
export async function saveSandboxAccount(deps: Deps, asked: SandboxAccountEntry): Promise<void> {
  const { database, orgId, actor, now, secretBoxes, askSandboxService } = deps;
  const account = readEntry(asked);
  const why = await whyNot(account, askSandboxService);
  if (why !== null) throw new AppError('invalid_input', why);
  const { domain, template, apiKey } = account;
  const id = newId('sandboxAccount');
  const sealed = (await secretBoxes.of(orgId)).seal(apiKey, accountContext({ orgId, id, domain }));
  const hint = apiKey.slice(-4);
  await database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    await tx.sandboxAccount.deleteMany({ where: { orgId } });
    await tx.sandboxAccount.create({ data: { orgId, id, domain, template, ...sealed, hint, updatedAt: now } });
    const payload = { baseUrl: baseUrlOf(domain), template, hint };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'sandbox-account.saved', payload }] });
  });
}

function readEntry(asked: SandboxAccountEntry): SandboxAccount {
  const read = sandboxAccountEntry.safeParse(asked);
  if (!read.success) throw new AppError('invalid_input', read.error.issues[0]?.message ?? 'This cannot be read.');
  const { baseUrl: domain, template, key: apiKey } = read.data;
  return { domain, template, apiKey };
}

async function whyNot(account: SandboxAccount, ask: AskSandboxService): Promise<string | null> {
  const answer = await ask(account);
  const url = baseUrlOf(account.domain);
  switch (answer.kind) {
    case 'accepted':
      return null;
    case 'rejected':
      return `${url} rejects this key. Copy it again, or make a new one there.`;
    case 'not_allowed':
      return `${url} leads to no public address. A service in a private network is for the operator of this server to enter: npx fleet engine add NAME --url e2b://${account.domain} --api-key-file FILE`;
    case 'unreachable':
      return `E2B did not answer at ${url} (${answer.why}). Check the address: it is the service’s domain, without api. in front.`;
  }
}
