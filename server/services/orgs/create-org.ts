import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import type { OrgView } from '../../domain/views/views.ts';
import { modelStatus } from '../settings/model-status.ts';
import { isUniqueViolation } from './is-unique-violation.ts';
import { orgSlugs } from './org-slug.ts';

type Deps = { database: Database; userId: string; now: Date; environmentModelKey: boolean };

/** Makes an org with the person as its owner, under the first free slug of its name. */
export async function createOrg(deps: Deps, { name }: { name: string }): Promise<OrgView> {
  for (const slug of orgSlugs(name)) {
    if ((await deps.database.orgBySlug(slug)) !== null) continue;
    const id = newId('org');
    try {
      await insertOrg(deps, { id, slug, name });
    } catch (error) {
      if (isUniqueViolation(error)) continue;
      throw error;
    }
    const model = modelStatus({ keyHint: null, environmentModelKey: deps.environmentModelKey });
    return { id, slug, name, role: 'owner', model, deletion: null };
  }
  throw new AppError('conflict', 'Too many orgs have this name. Choose another.');
}

async function insertOrg({ database, userId, now }: Deps, org: { id: string; slug: string; name: string }) {
  const { id: orgId, slug, name } = org;
  await database.transaction(orgId, async (tx) => {
    await tx.org.create({ data: { id: orgId, slug, name, createdAt: now } });
    await tx.member.create({ data: { orgId, id: newId('member'), userId, role: 'owner', createdAt: now } });
    const events: OrgEvent[] = [
      { kind: 'org.created', payload: { slug, name } },
      { kind: 'member.joined', payload: { userId, role: 'owner' } },
    ];
    await appendOrgEvents(tx, { orgId, actor: { type: 'user', userId }, at: now, events });
  });
}
