import { beforeAll, expect, it } from 'vitest';
import { mostRuns } from '../../server/domain/budget/amounts.ts';
import { setBudget } from '../../server/services/budgets/set-budget.ts';
import { flowRig, type Flow, type FlowRig } from './testing/flow-rig.ts';
import { keepLeaseLog, mostAtOnce, readLeaseLog } from './testing/lease-log.ts';
import { approves, developer, doubles, handoff, shell } from './testing/stories.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
  await keepLeaseLog(rig.admin);
});

type Tenant = Pick<Flow, 'by' | 'db' | 'orgId'>;

/** The starter developer may be in as many places as its org may. */
async function unbound({ by, db, orgId }: Tenant): Promise<void> {
  const { id: subject } = await db.agent.findFirstOrThrow({ where: { orgId, role: { name: 'developer' } } });
  await setBudget(by(), { dimension: 'agent', subject, micros: null, tokens: null, seconds: null, maxRuns: mostRuns });
}

const placeOf = ({ waits }: { waits: unknown }) =>
  (waits as { for?: string } | null)?.for?.startsWith(`a place: ${mostRuns} of ${mostRuns} runs of`) ?? false;

const [few, many] = [3, 30];

const flood = {
  ...developer(1, [shell('echo flood')], [handoff('There is nothing to do.', { notDone: ['Nothing.'] })]),
  when: (brief: string) => brief.includes('Flood'),
};

it(
  'an org with ten times the tasks, none of which ends, takes no more than its places and delays nobody',
  { timeout: 900_000 },
  async () => {
    const gate = Promise.withResolvers<void>();
    const afterCommand = (command: string) => (command.includes('echo flood') ? gate.promise : Promise.resolve());
    const busy = await rig.flow([flood, doubles, approves], { afterCommand });
    const quiet = await busy.neighbour();
    await unbound(busy);
    await unbound(quiet);
    for (let n = 0; n < many; n += 1) await busy.task({ title: `Flood ${n}` });
    const asked = await Promise.all(Array.from({ length: few }, () => quiet.task()));

    // Not one of the others' runs has ended: whatever they take, nobody waits for it.
    for (const { pipelineRunId } of asked) await quiet.pending(pipelineRunId, 'merge');
    const runsOf = ({ db, orgId }: Tenant, where = {}) => db.run.findMany({ where: { orgId, ...where } });
    await busy.until(
      async () => (await runsOf(busy, { status: 'running' })).length === mostRuns,
      'all of its places to be taken',
    );
    await busy.until(async () => (await runsOf(busy)).length === many, 'all of its runs to be there');
    expect((await runsOf(busy)).filter(({ endedAt }) => endedAt !== null)).toEqual([]);
    const left = (await runsOf(busy)).filter(({ status }) => status === 'queued');
    expect(left).toHaveLength(many - mostRuns);
    for (const { id } of left) {
      await busy.until(
        async () => placeOf(await busy.db.run.findFirstOrThrow({ where: { orgId: busy.orgId, id } })),
        'every run without a place to say that it waits for one',
      );
    }

    gate.resolve();
    for (const run of await runsOf(busy)) {
      await busy.until(
        async () => (await busy.db.run.findFirst({ where: { id: run.id, endedAt: { not: null } } })) !== null,
        'every one of its runs to have its turn',
      );
    }
    const now = (await busy.worker.database.time()).getTime();
    expect(mostAtOnce(await readLeaseLog(rig.admin, busy.orgId), now)).toBe(mostRuns);
  },
);
