import { expect, it } from 'vitest';
import { appendOrgEvents } from '../../db/append-event.ts';
import { readAllEvents } from '../../db/read-events.ts';
import { newId } from '../../db/new-id.ts';
import { testDatabase } from '../../testing/database.ts';
import { testSecretBoxes } from '../../testing/secret-boxes.ts';
import { makeOrg } from '../../testing/factories.ts';
import { readOwnValues } from './own-values.ts';
import { sealContext } from './seal-context.ts';

it('every value that the org entrusted to us is known, and no other org’s', async () => {
  const { database } = await testDatabase();
  const [org, other] = [await makeOrg(database), await makeOrg(database)];
  const { orgId, db } = org;
  const now = new Date();
  const bound = { orgId, id: newId('secret'), places: ['npm.example.com'], header: 'Authorization: Bearer' };
  const secretBoxes = testSecretBoxes(database);
  const secretBox = await secretBoxes.of(orgId);
  const sealed = secretBox.seal('a registry token', sealContext(bound));
  await db.networkSecret.create({
    data: { ...bound, ...sealed, name: 'NPM_TOKEN', inSetUp: true, inRuns: false, updatedAt: now },
  });
  const key = secretBox.seal('a model key', `${orgId}:anthropic-api-key`);
  await db.secret.create({
    data: { orgId, id: newId('secret'), name: 'anthropic-api-key', ...key, hint: '…', updatedAt: now },
  });
  expect(await readOwnValues({ db, orgId, secretBoxes })).toEqual([
    { name: 'NPM_TOKEN', value: 'a registry token' },
    { name: 'model-key', value: 'a model key' },
  ]);
  expect(await readOwnValues({ ...other, secretBoxes })).toEqual([]);
});

it('an org’s own events lose secrets of known shapes', async () => {
  const { database } = await testDatabase();
  const { orgId, db } = await makeOrg(database);
  const reason = `I pasted ghp_${'a1B2'.repeat(9)}`;
  const event = { kind: 'run.stop-requested' as const, payload: { runId: 'run_x', reason } };
  await database.transaction(orgId, (tx) =>
    appendOrgEvents(tx, { orgId, actor: { type: 'system', reason: 'test' }, at: new Date(), events: [event] }),
  );
  const events = await readAllEvents(db, { orgId, kind: 'org', subject: orgId });
  expect(events.at(-1)?.payload).toMatchObject({ reason: 'I pasted [redacted: github-token]' });
});
