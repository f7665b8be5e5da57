import { beforeAll, describe, expect, it } from 'vitest';
import { readAllEvents } from '../../server/db/read-events.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import { noneAdded } from '../../server/domain/scope/own-classes.ts';
import { requestEnvironment } from '../../server/services/environment/request-environment.ts';
import { acceptProposal } from '../../server/services/proposals/accept-proposal.ts';
import { draftHash, draftOf } from '../../server/services/proposals/draft-of.ts';
import { lookForProposals } from '../../server/services/proposals/look-for-proposals.ts';
import { confirmClasses } from '../../server/services/repos/confirm-classes.ts';
import { flowRig, type Flow, type FlowRig } from './testing/flow-rig.ts';
import { smallRepo } from './testing/remote.ts';
import { approves, create, developer, doubles, handoff, shell } from './testing/stories.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

const file = '.fleet/policy.yaml';
const noDocs = "limits:\n  - { id: no-docs, on: write, paths: ['docs/**'], then: deny }\n";
const scope = { scope: ['src/**', 'docs/**'] };

const repoOf = ({ db, orgId }: Flow) => db.repo.findFirstOrThrow({ where: { orgId } });
const openOf = ({ db, orgId }: Flow) =>
  db.repoProposal.findFirst({ where: { orgId, isCurrent: true, status: 'open' } });

/** Accepts what the repo's default branch proposes now, as its owner does. */
async function accept(flow: Flow) {
  const { id: repoId } = await repoOf(flow);
  await lookForProposals({ ...flow.by(), codeHost: flow.worker.codeHost }, { repoId });
  const open = (await openOf(flow))!;
  const { id: proposalId, digest } = open;
  const { orgId, db } = flow;
  const drafted = await draftOf(db, orgId, open);
  const hash = drafted.ok ? draftHash(drafted.draft) : '';
  const basedOn = await db.policyVersion.count({ where: { orgId, layer: 'repo', target: repoId } });
  const orgVersion = await db.policyVersion.count({ where: { orgId, layer: 'org' } });
  return acceptProposal(flow.by(), { proposalId, digest, basedOn, orgVersion, hash });
}

/** The log of the first run, once it has ended or said this. */
async function logOf(flow: Flow, until: RunEvent['kind']): Promise<RunEvent[]> {
  return flow.until(async () => {
    const run = await flow.db.run.findFirst({ where: { orgId: flow.orgId }, orderBy: { id: 'asc' } });
    if (!run) return null;
    const of = { orgId: flow.orgId, kind: 'run' as const, subject: run.id };
    const log = (await readAllEvents(flow.db, of)) as RunEvent[];
    return log.some(({ kind }) => kind === until) && log;
  }, `${until} in the run's log`);
}

const verdictsOn = (log: RunEvent[], path: string) =>
  log.flatMap((event) => {
    const text = JSON.stringify(event.payload);
    return text.includes('"verdict"') && text.includes(path) ? [text] : [];
  });

describe('rules under .fleet of a repo', () => {
  it('are noticed when its environment is checked, and count for nothing', async () => {
    const flow = await rig.flow([], { files: { ...smallRepo, [file]: noDocs } });
    const { id: repoId } = await repoOf(flow);
    await requestEnvironment(flow.by(), { repoId });
    const found = await flow.until(() => openOf(flow), 'the proposal');
    expect(found).toMatchObject({ path: file, text: noDocs });
    expect(await flow.db.policyVersion.count({ where: { orgId: flow.orgId, layer: 'repo' } })).toBe(0);
  });

  it('are noticed when Fleet merges into the branch that has them', async () => {
    const flow = await rig.flow([doubles, approves]);
    const { pipelineRunId } = await flow.task(scope);
    const merge = await flow.pending(pipelineRunId, 'merge');
    await flow.remote.push({ [file]: noDocs });
    await flow.decide(merge);
    expect(await flow.until(() => openOf(flow), 'the proposal')).toMatchObject({ path: file, text: noDocs });
  });

  it('that are stricter reach a run under way when they are accepted, and its log says so', async () => {
    let change = async (): Promise<unknown> => undefined;
    const calls = [[shell('echo one')], [create('docs/x.md', 'x\n')], [handoff('x')]];
    const flow = await rig.flow([developer(1, ...calls)], {
      afterCommand: async (words) => (words.includes('echo one') ? void (await change()) : undefined),
    });
    change = async () => {
      await flow.remote.push({ [file]: noDocs });
      await accept(flow);
    };
    await flow.task(scope);
    const log = await logOf(flow, 'run.ended');
    expect(log.find(({ kind }) => kind === 'policy.changed')?.payload).toMatchObject({
      repo: expect.any(String),
      stricter: [expect.stringContaining('no-docs')],
      looser: [],
    });
    expect(verdictsOn(log, 'docs/x.md').join('\n')).toContain(`"rule":"no-docs"`);
  });

  it('that are looser are told to a run under way and hold for later ones only', async () => {
    let change = async (): Promise<unknown> => undefined;
    const calls = [[shell('echo one')], [create('docs/x.md', 'x\n')], [handoff('x')]];
    const flow = await rig.flow([developer(1, ...calls)], {
      files: { ...smallRepo, [file]: noDocs },
      afterCommand: async (words) => (words.includes('echo one') ? void (await change()) : undefined),
    });
    await accept(flow);
    change = async () => {
      await flow.remote.push({ [file]: '{}\n' });
      await accept(flow);
    };
    await flow.task(scope);
    const log = await logOf(flow, 'run.ended');
    expect(log.find(({ kind }) => kind === 'policy.changed')?.payload).toMatchObject({
      stricter: [],
      looser: [expect.stringContaining('no longer no-docs')],
    });
    expect(verdictsOn(log, 'docs/x.md').join('\n')).toContain('"rule":"no-docs"');
  });

  it('name classes that people add to while a run is under way: it is stopped there and its log says so', async () => {
    let change = async (): Promise<unknown> => undefined;
    const calls = [[shell('echo one')], [create('docs/x.md', 'x\n')], [handoff('x')]];
    const noAuth = "limits:\n  - { id: no-auth, on: write, paths: ['@auth'], then: deny }\n";
    const flow = await rig.flow([developer(1, ...calls)], {
      files: { ...smallRepo, [file]: noAuth },
      afterCommand: async (words) => (words.includes('echo one') ? void (await change()) : undefined),
    });
    await accept(flow);
    change = async () => {
      const { id: repoId } = await repoOf(flow);
      await confirmClasses(flow.by(), { repoId, basedOn: 0, classes: { ...noneAdded, '@auth': ['docs/**'] } });
    };
    await flow.task(scope);
    const log = await logOf(flow, 'run.ended');
    expect(log.filter(({ kind }) => kind === 'policy.changed').map(({ payload }) => payload)).toMatchObject([
      { classes: expect.any(String), stricter: ['this repo adds to @auth: docs/**'], looser: [] },
    ]);
    expect(verdictsOn(log, 'docs/x.md').join('\n')).toContain('"rule":"no-auth"');
  });
});
