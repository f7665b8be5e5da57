import { appendOrgEvents } from '../../db/append-event.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import type { FindOidc } from '../../domain/ports/find-oidc.ts';
import type { SecretBoxes } from '../../domain/ports/secret-box.ts';
import { ssoSecretContext } from '../../domain/sso/sso-rules.ts';
import { lockOrg } from '../orgs/lock-org.ts';
import type { PeopleContext } from '../people/people-context.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';

type Context = PeopleContext & { secretBoxes: SecretBoxes; findOidc: FindOidc; operator: boolean };
type Asked = { issuer: string; clientId: string; clientSecret: string };

/**
 * Names the org's identity provider, found by its issuer before anything is saved; the client secret is sealed. Another
 * issuer or client than before is a new provider: nobody is known to it, and single sign-on is not required any more.
 * Throws `invalid_input` for an address that is none, may not be called, or where no OIDC provider answers.
 */
export async function saveSsoProvider(context: Context, asked: Asked): Promise<void> {
  const { database, orgId, actor, now, secretBoxes, operator } = context;
  const issuer = await issuerAt(context, asked.issuer);
  const { clientId, clientSecret } = asked;
  const box = await secretBoxes.of(orgId);
  await database.transaction(orgId, async (tx) => {
    await lockOrg(tx, orgId);
    await lockOrgStream(tx, orgId);
    const before = await tx.ssoProvider.findUnique({ where: { orgId } });
    const same = before !== null && before.issuer === issuer && before.clientId === clientId;
    const id = same ? before.id : newId('ssoProvider');
    const sealed = box.seal(clientSecret, ssoSecretContext(orgId, id));
    const data = { ...sealed, byOperator: operator, updatedAt: now };
    if (same) await tx.ssoProvider.updateMany({ where: { orgId, id }, data });
    else {
      await tx.ssoProvider.deleteMany({ where: { orgId } });
      await tx.ssoProvider.create({ data: { orgId, id, issuer, clientId, ...data } });
      await tx.org.updateMany({ where: { id: orgId }, data: { requiredSso: null } });
    }
    const payload = { ssoProviderId: id, issuer, clientId };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'sso.saved', payload }] });
  });
}

async function issuerAt({ findOidc, operator }: Context, typed: string): Promise<string> {
  const text = typed.trim();
  const url = URL.canParse(text) ? new URL(text) : null;
  if (
    !url ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.username !== '' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    throw new AppError(
      'invalid_input',
      'Type the issuer as your provider names it, such as https://login.example.com.',
    );
  }
  const answer = await findOidc(text, operator);
  if (answer.kind === 'found') return answer.places.issuer;
  if (answer.kind === 'unusable') {
    throw new AppError('invalid_input', `No OIDC provider can be used at ${text}: ${answer.why}. Check the issuer.`);
  }
  throw new AppError(
    'invalid_input',
    `${text} is no public https address, or leads to one that is none. Only the operator of this installation may name a provider on this machine or in a private network.`,
  );
}

/** Ends single sign-on: nobody signs in by it any more, and it is not required. Sessions go on until they end; where there is none, nothing happens. */
export async function removeSsoProvider({ database, orgId, actor, now }: PeopleContext): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    await lockOrg(tx, orgId);
    await lockOrgStream(tx, orgId);
    const row = await tx.ssoProvider.findUnique({ where: { orgId } });
    if (row === null) return;
    await tx.ssoProvider.deleteMany({ where: { orgId } });
    await tx.org.updateMany({ where: { id: orgId }, data: { requiredSso: null } });
    const payload = { ssoProviderId: row.id, issuer: row.issuer };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'sso.removed', payload }] });
  });
}
