import { appendRunEvents } from '../../db/append-event.ts';
import { blobsFor } from '../../db/blobs.ts';
import type { Database } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import {
  makeApiKey,
  makeChange,
  makeInvitation,
  makeMember,
  makeRunWithAll,
  type TestOrg,
} from '../../testing/factories.ts';
import { furnishSignIn } from './furnished-sign-in.ts';
import { makeApproval, mergeOf } from '../../services/views/testing/approvals.ts';

/** An id of everything that an input can name. */
export type Ids = {
  repoId: string;
  taskId: string;
  runId: string;
  streamId: string;
  changeId: string;
  approvalId: string;
  blobId: string;
  agentId: string;
  teamId: string;
  connectionId: string;
  secretId: string;
  serverId: string;
  memberId: string;
  invitationId: string;
  serviceAccountId: string;
  keyId: string;
  savedFilterId: string;
  holdId: string;
  domainId: string;
  proposalId: string;
  webhookId: string;
  deliveryId: string;
  smokeId: string;
};

/** A model that the org has told of behind its connection. */
export const ownModel = (connectionId: string) => ({
  connectionId,
  model: 'm',
  contextTokens: 200_000,
  maxOutputTokens: 8_000,
  images: false,
  thinking: false,
  prices: { input: 1, output: 1, cacheRead: 1, cacheWrite: 1 },
});

/** An agent that works in one repo alone. */
export const agentSet = ({ repoId }: { repoId: string }) => ({
  ...{ name: 'Another', repoId, roleVersion: 1, instructions: 'Be brief.', maxRuns: 2, secondsLimit: 3_600 },
});

export type Furnished = { org: TestOrg; ids: Ids };

/** An org that has one of everything. */
export async function furnishedOrg(database: Database): Promise<Furnished> {
  const made = await makeRunWithAll(database);
  const { org, repoId, taskId, runId, streamId, starters, pipelineRunId, stageAttemptId } = made;
  const { orgId, db } = org;
  const { changeId } = await makeChange(org, { pipelineRunId, repoId });
  const approvalId = await makeApproval(org, { pipelineRunId, stageAttemptId }, mergeOf(changeId, 'd'.repeat(40)));
  const { userId } = await makeMember(database, org, 'member');
  const { id: memberId } = await db.member.findUniqueOrThrow({ where: { orgId_userId: { orgId, userId } } });
  const { invitationId } = await makeInvitation(org);
  const { serviceAccountId, keyId } = await makeApiKey(database, org);
  const blobId = await showImage(org, runId);
  const [teamId, connectionId, now] = [newId('team'), newId('modelConnection'), new Date()];
  const secretId = newId('networkSecret');
  const sealed = { ciphertext: Buffer.alloc(32), nonce: Buffer.alloc(12), keyVersion: 1, updatedAt: now };
  const place = { domain: 'e2b.example', template: 'base', hint: 'wxyz' };
  await db.sandboxAccount.create({ data: { orgId, id: newId('sandboxAccount'), ...place, ...sealed } });
  await db.networkSecret.create({
    data: {
      orgId,
      id: secretId,
      name: `secret of ${org.slug}`,
      places: ['api.example.com:443'],
      header: 'Authorization: Bearer {}',
      inSetUp: false,
      inRuns: true,
      ...sealed,
    },
  });
  const serverId = newId('mcpServer');
  const transport = { kind: 'stdio', command: `server of ${org.slug}` };
  await db.mcpServer.create({
    data: { orgId, id: serverId, name: 'tracker', transport, tools: [], updatedAt: now },
  });
  await db.team.create({ data: { orgId, id: teamId, name: `team of ${org.slug}`, createdAt: now } });
  const connection = {
    id: connectionId,
    name: `provider of ${org.slug}`,
    protocol: 'chat-completions',
    baseUrl: 'https://models.example.com/v1',
    byOperator: false,
    offers: ['m'],
  };
  const body = {
    connections: [connection],
    models: [ownModel(connectionId)],
    default: null,
    fallback: null,
    roles: {},
  };
  await db.modelSettings.create({ data: { orgId, id: newId('modelSettings'), body, updatedAt: now } });
  const { agentId } = starters.roles['developer']!;
  const savedFilterId = newId('savedFilter');
  const kept = { name: `filter of ${org.slug}`, filter: 'log:org', createdBy: userId, createdAt: now };
  await db.savedFilter.create({ data: { orgId, id: savedFilterId, ...kept } });
  const domainId = await furnishSignIn(database, org, { teamId, memberId, now });
  const holdId = newId('legalHold');
  const held = { runId, reason: 'a lawsuit', placedBy: org.owner.userId, placedAt: new Date() };
  await db.legalHold.create({ data: { orgId, id: holdId, ...held } });
  await db.retentionRule.create({ data: { orgId, kind: 'outputs', days: 90, updatedAt: new Date() } });
  const hooks = await furnishWebhook(org, sealed);
  const smokeId = newId('smokeTest');
  await db.smokeTest.create({ data: { orgId, id: smokeId, repoId, agentId, askedAt: now } });
  const people = { memberId, invitationId, serviceAccountId, keyId, savedFilterId, holdId, domainId };
  const ids = {
    repoId,
    taskId,
    runId,
    streamId,
    changeId,
    approvalId,
    blobId,
    agentId,
    teamId,
    connectionId,
    secretId,
    serverId,
    proposalId: await propose(org, repoId),
    smokeId,
    ...people,
    ...hooks,
  };
  return { org, ids };
}

/** What a file of the repo proposes, not decided on yet. */
async function propose({ orgId, db }: TestOrg, repoId: string): Promise<string> {
  const id = newId('repoProposal');
  const file = { path: '.fleet/policy.yaml', digest: 'd', text: 'preset: cautious\n', commit: 'c'.repeat(40) };
  const state = { isCurrent: true, status: 'open' as const, createdAt: new Date() };
  await db.repoProposal.create({ data: { orgId, id, repoId, ...file, ...state } });
  return id;
}

type Sealed = { ciphertext: Buffer<ArrayBuffer>; nonce: Buffer<ArrayBuffer>; keyVersion: number };

/** A webhook that has given up a message. */
async function furnishWebhook({ orgId, slug, db }: TestOrg, { ciphertext, nonce, keyVersion }: Sealed) {
  const [webhookId, deliveryId, now] = [newId('webhook'), newId('webhookDelivery'), new Date()];
  const sent = { url: `https://${slug}.example.com/`, filter: '', sendsEvents: true, sendsHeads: true };
  const kept = { ciphertext, nonce, keyVersion, createdAt: now };
  await db.webhook.create({ data: { orgId, id: webhookId, ...sent, nextLeaf: 0, headSize: 0, ...kept } });
  const given = { state: 'dead' as const, tries: 12, dueAt: now, queuedAt: now, endedAt: now, problem: `of ${slug}` };
  const message = { lane: 'tests', seq: 1, leaf: 0, kind: 'webhook.test' };
  await db.webhookDelivery.create({ data: { orgId, id: deliveryId, webhookId, ...message, ...given } });
  return { webhookId, deliveryId };
}

/** Has the run show its agent a picture; returns its blob. */
async function showImage({ orgId, db, owner }: TestOrg, runId: string): Promise<string> {
  const { id: blobId } = await blobsFor(db, orgId).put(Buffer.from(`picture of ${runId}`));
  const images = [{ blobId, mediaType: 'image/png' as const, width: 2, height: 1 }];
  const call = { turn: 1, callId: 'c1', tool: 'browser_screenshot', exitCode: null, droppedBytes: 0, blobId: null };
  const payload = { ...call, outcome: 'ok' as const, text: '', durationMs: 1, images };
  const actor = { type: 'agent-run' as const, runId, onBehalfOf: owner.userId };
  const events = [{ kind: 'tool.finished' as const, payload }];
  await appendRunEvents(db, { orgId, runId, generation: 0, actor, at: new Date(), events });
  return blobId;
}
