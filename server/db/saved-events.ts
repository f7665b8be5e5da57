import type { OrgTx } from './connect.ts';
import type { EventPlace } from './log-query.ts';
import { rawOf } from './raw.ts';

type Versions = {
  policies: readonly { id: string }[];
  roles: readonly { roleId: string; hash: string }[];
  /** Of the approvals that brought them into force. */
  approvalIds: readonly string[];
};

/** A payload is canonical JSON, and a quote within a text of it is escaped: no text can pass for a field. */
const fields = (name: string, values: readonly string[]) => values.map((value) => Buffer.from(`"${name}":"${value}"`));
const has = (parameter: string) =>
  `exists (select from unnest(${parameter}::bytea[]) part where position(part in e.payload) > 0)`;

/** Where the org's log has that these versions were saved, and what people decided on them. */
export function placesOfSaved(db: OrgTx, { policies, roles, approvalIds }: Versions): Promise<EventPlace[]> {
  const raw = rawOf(db);
  return raw.query<EventPlace>({
    text: `select e.stream_id as stream, e.seq from event e
      where e.org_id = $1 and e.stream_id = (select id from stream where org_id = $1 and kind = 'org' and subject = $1) and (
        (e.kind in ('policy.saved', 'starters.hired') and ${has('$2')})
        or (e.kind in ('role.saved', 'role.added', 'role.tools-changed') and ${has('$3')} and ${has('$4')})
        or (e.kind in ('approval.requested', 'approval.decided') and ${has('$5')}))
      order by e.seq`,
    values: [
      raw.orgId,
      fields(
        'policyVersionId',
        policies.map(({ id }) => id),
      ),
      fields(
        'roleId',
        roles.map(({ roleId }) => roleId),
      ),
      fields(
        'hash',
        roles.map(({ hash }) => hash),
      ),
      fields('approvalId', approvalIds),
    ],
  });
}
