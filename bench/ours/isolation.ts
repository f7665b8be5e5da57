import { PrismaPg } from '@prisma/adapter-pg';
import { openDatabase } from '../../server/db/connect.ts';
import { PrismaClient } from '../../server/db/generated/client.ts';
import { makeOrg, makeRepo, makeTask } from '../../server/testing/factories.ts';
import type { Place } from '../database.ts';
import type { Closing, Contestant } from '../harness.ts';
import { names } from '../names.ts';

const orgs = 20;
const tasksEach = 40;
/** Connections, and queries at once. */
const together = 8;

type Query = (orgId: string) => Promise<unknown[]>;

/**
 * The newest tasks of an org by the same query of the same Prisma on the same table: through Fleet's client, by the
 * superuser, whom no policy holds, and in a transaction that sets the org first, as Prisma documents it.
 */
export async function open(place: Place, closing: Closing): Promise<Contestant[]> {
  const database = openDatabase({ appUrl: place.appUrl, max: together });
  closing(() => database.close());
  const clientOn = (connectionString: string) => {
    const client = new PrismaClient({ adapter: new PrismaPg({ connectionString, max: together }) });
    closing(() => client.$disconnect());
    return client;
  };
  const [plain, inTransactions] = [clientOn(place.adminUrl), clientOn(place.appUrl)];
  const newest = (orgId: string) =>
    ({
      where: { orgId },
      orderBy: { number: 'desc' },
      take: 20,
      select: { id: true, number: true, title: true },
    }) as const;
  const ours: Query = (orgId) => database.org(orgId).task.findMany(newest(orgId));
  const bare: Query = (orgId) => plain.task.findMany(newest(orgId));
  const peer: Query = async (orgId) => {
    const set = inTransactions.$executeRaw`select set_config('app.org', ${orgId}, true)`;
    return (await inTransactions.$transaction([set, inTransactions.task.findMany(newest(orgId))]))[1];
  };
  const ids: string[] = [];
  for (let n = 0; n < orgs; n += 1) {
    const org = await makeOrg(database);
    const { repoId } = await makeRepo(org);
    for (let task = 0; task < tasksEach; task += 1) await makeTask(org, { repoId });
    ids.push(org.orgId);
  }
  const busy = () => ids[0]!;
  const inTurn = (n: number) => ids[n % orgs]!;
  return [
    { name: names.walledBusy, block: (operations) => timed(operations, ours, busy) },
    { name: names.plainBusy, block: (operations) => timed(operations, bare, busy) },
    { name: names.walledInTurn, block: (operations) => timed(operations, ours, inTurn) },
    { name: names.plainInTurn, block: (operations) => timed(operations, bare, inTurn) },
    { name: names.transactions, block: (operations) => timed(operations, peer, busy) },
  ];
}

/** Milliseconds a query at full throughput: one figure for the block. */
async function timed(operations: number, query: Query, org: (n: number) => string): Promise<number[]> {
  let n = 0;
  const user = async () => {
    while (n < operations) {
      n += 1;
      if ((await query(org(n))).length !== 20) throw new Error('The query did not find the rows of its org.');
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: together }, user));
  return [(performance.now() - began) / operations];
}
