import type { OrgTx, SystemDb } from '../../db/connect.ts';
import { isId } from '../../domain/ids.ts';

type Where = { system: SystemDb; db: Pick<OrgTx, 'serviceAccount'> };

/** Addresses of people and names of service accounts, by id; someone who was removed is shown as such. */
export async function namesOf({ system, db }: Where, asked: string[]): Promise<(id: string) => string> {
  const ids = [...new Set(asked)];
  const accountIds = ids.filter((id) => isId('serviceAccount', id));
  const users = ids.length === 0 ? [] : await system.user.findMany({ where: { id: { in: ids } } });
  const accounts =
    accountIds.length === 0 ? [] : await db.serviceAccount.findMany({ where: { id: { in: accountIds } } });
  const byId = new Map([
    ...users.map(({ id, email }) => [id, email] as const),
    ...accounts.map(({ id, name }) => [id, `service account ${name}`] as const),
  ]);
  return (id) => byId.get(id) ?? 'a person who was removed';
}
