import { appendOrgEvents } from '../../../db/append-event.ts';
import type { Database } from '../../../db/connect.ts';
import { readSettings } from '../../../domain/agents/agent-settings.ts';
import type { OrgEvent } from '../../../domain/events/org-events.ts';
import type { SmokeResult, SmokeTry } from '../../../domain/policy/smoke/smoke-test.ts';
import type { Actor } from '../../../domain/events/actor.ts';

type Deps = { database: Database; orgId: string };

const smoke: Actor = { type: 'system', reason: 'smoke-test' };

/** What a worker needs; null where it is done or gone. */
export async function readSmoke({ database, orgId }: Deps, { smokeId }: { smokeId: string }) {
  const db = database.org(orgId);
  const row = await db.smokeTest.findUnique({
    where: { orgId_id: { orgId, id: smokeId } },
    include: {
      repo: true,
      agent: { include: { role: true, revisions: { orderBy: { number: 'desc' }, take: 1 } } },
    },
  });
  const revision = row?.agent.revisions[0];
  if (!row || !revision || row.endedAt !== null) return null;
  const { repo, agent, path } = row;
  const { roleVersion } = readSettings(revision.body);
  return { smokeId, repo, path, agent: { id: agent.id, name: agent.name, role: agent.role.name, roleVersion } };
}
export type SmokeRow = NonNullable<Awaited<ReturnType<typeof readSmoke>>>;

type Found = Omit<Extract<SmokeResult, { tries: unknown }>, 'tries'> & { tries: Omit<SmokeTry, 'entry'>[] };

/** Writes down what was tried: the two entries of the org's log and the answer that names them, together and once. */
export async function recordSmoke(
  { database, orgId, now }: Deps & { now: Date },
  { smokeId, repo, agent }: SmokeRow,
  found: Found | { problem: string },
): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    const of = { where: { orgId, id: smokeId, endedAt: null } };
    const { count } = await tx.smokeTest.updateMany({ ...of, data: { endedAt: now } });
    if (count === 0) return;
    const about = { smokeId, repoId: repo.id, repo: repo.name, agentId: agent.id, agent: agent.name, role: agent.role };
    const events: OrgEvent[] =
      'problem' in found
        ? [{ kind: 'policy.smoke-failed', payload: { ...about, problem: found.problem } }]
        : found.tries.map(({ what, tool, path, verdict, done, there }) => ({
            kind: 'policy.smoke-tried',
            payload: {
              ...about,
              ...{ roleVersion: found.roleVersion, policyVersion: found.policyVersion, commit: found.commit },
              ...{ what, tool, path, verdict, done, there },
            },
          }));
    await appendOrgEvents(tx, { orgId, actor: smoke, at: now, events });
    // The head is locked until the commit, so these are the last ones.
    const { id: streamId, headSeq } = await tx.stream.findFirstOrThrow({ where: { orgId, kind: 'org' } });
    const result: SmokeResult =
      'problem' in found
        ? found
        : {
            ...found,
            tries: found.tries.map((each, at, all) => ({
              ...each,
              entry: { streamId, seq: headSeq - all.length + 1 + at },
            })),
          };
    await tx.smokeTest.updateMany({ where: { orgId, id: smokeId }, data: { result } });
  });
}
