import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openListener } from '../db/listen.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { asking, inOrgs, tryProcedures, type Ask } from './testing/foreign-ids.ts';
import { fillTables } from './testing/fill-tables.ts';
import { furnishedOrg, type Furnished } from './testing/furnished-org.ts';
import { careless, tenantTables, tryTables, withoutForeignKeys, withoutRowSecurity } from './testing/locks.ts';
import { testWeb } from './testing/test-web.ts';

// Four locks: scopes at the door, the client of one org, keys that carry the org, row-level security. Each is taken away in
// turn; what is left must still let nothing out. Then two are, and the same attempts must see it.

type Ground = TestDatabase & { mine: Furnished; theirs: Furnished };

let whole: Ground;
let bare: Ground;
beforeAll(async () => {
  [whole, bare] = [await ground(), await ground()];
});

async function ground(): Promise<Ground> {
  const tested = await testDatabase();
  const [mine, theirs] = [await furnishedOrg(tested.database), await furnishedOrg(tested.database)];
  await fillTables(tested.admin, theirs.org.orgId);
  return { ...tested, mine, theirs };
}

/** Every scope is given to an owner: no role stands in the way. */
function owner({ database, appUrl, mine }: Ground): Ask {
  const listener = openListener(appUrl);
  onTestFinished(() => listener.close());
  const web = testWeb({ database, listener });
  return asking(web, { viewer: { ...mine.org.owner, operator: true }, key: null });
}

describe('another org’s rows stay its own', () => {
  it('without scopes', async () => {
    const { attempts, leaks } = await tryProcedures(whole, owner(whole));
    expect(leaks).toEqual([]);
    expect(attempts).toBeGreaterThanOrEqual(inOrgs.length);
  });

  it('without the tenant client: any SQL with our processes’ rights, of one org or of none', async () => {
    for (const as of [whole.mine.org.orgId, '']) {
      const { attempts, leaks } = await tryTables(whole, { as, victim: whole.theirs.org.orgId });
      expect(leaks).toEqual([]);
      expect(attempts).toBeGreaterThan(150);
    }
  });

  it('without the org in a handler’s query', async () => {
    expect((await tryProcedures(whole, careless(whole, owner(whole)))).leaks).toEqual([]);
  });

  it('without row-level security', async () => {
    const putBack = await withoutRowSecurity(bare.admin);
    expect((await tryProcedures(bare, owner(bare))).leaks).toEqual([]);
    await putBack();
  });

  it('without keys that carry the org', async () => {
    const own = await ground();
    await withoutForeignKeys(own.admin);
    expect((await tryProcedures(own, owner(own))).leaks).toEqual([]);
    expect((await tryTables(own, { as: own.mine.org.orgId, victim: own.theirs.org.orgId })).leaks).toEqual([]);
  });
});

describe('the attempts see what is open', () => {
  it('where row-level security and the client, or the query’s org, are both gone', async () => {
    const putBack = await withoutRowSecurity(bare.admin);
    const tables = await tryTables(bare, { as: bare.mine.org.orgId, victim: bare.theirs.org.orgId });
    expect(tables.leaks).toEqual(expect.arrayContaining(['read task', 'changed task', 'made task', 'read event']));
    // Every table has something to be read: of none is the silence above for want of rows.
    for (const { name } of await tenantTables(bare.admin)) expect(tables.leaks).toContain(`read ${name}`);
    const { leaks } = await tryProcedures(bare, careless(bare, owner(bare)));
    expect(leaks).toEqual([expect.stringContaining('tasks.get by taskId: OK')]);
    await putBack();
  });
});
