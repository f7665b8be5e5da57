import { describe, expect, it } from 'vitest';
import { AppError } from '../domain/errors.ts';
import type { RunEvent } from '../domain/events/run-events.ts';
import type { Layer } from '../domain/policy/policy.ts';
import { rule } from '../domain/policy/rule.ts';
import type { RulesBasis } from '../domain/policy/rules-basis.ts';
import { balanced, runPolicy } from '../domain/policy/run-policy.ts';
import type { Decided, InboxMessage } from './ports.ts';
import { harness, type Setup } from './testing/harness.ts';
import { kinds, payloads } from './testing/log.ts';
import { memorySandbox } from './testing/memory-sandbox.ts';
import { reply } from './testing/scripted-model.ts';

// A world that moves between what was decided and the commit of it: the commit fails, and all of it is decided anew.

const closed: Layer = {
  name: 'org',
  limits: [rule.parse({ id: 'no-a', on: 'read', paths: ['src/a.js'], then: 'deny', why: 'it is closed.' })],
  defaults: [],
};
const scope = { role: { include: ['**'], exclude: [] }, taskScope: ['**'] };
const heads = { org: 'v1', repo: null, classes: null, role: null };
const basis: RulesBasis = { repoId: 'rep', agentId: 'agt', pipelineRunId: 'plr', heads, held: [] };
const moved = () => new AppError('conflict', 'What this was decided on stands no more.', { moved: true });
const policies = [[balanced], [balanced, closed]].map((layers) => runPolicy({ layers, scope }));
const told: RunEvent = {
  kind: 'policy.changed',
  payload: { ...heads, org: 'v2', version: 2, stricter: [], looser: [] },
};

type Moving = { when: (events: RunEvent[], decided: Decided | undefined) => boolean; times?: number } & Setup;

/** `closed` holds from the first commit that failed on; who reads anew is told so. */
function run({ when, times = 1, ...setup }: Moving) {
  const seen = { failed: 0, renewed: 0, known: 0 };
  const made = harness({
    turns: [reply('t1', [['view', { path: 'src/a.js' }]]), reply('t2', [['handoff', { summary: 'Done.' }]])],
    sandbox: memorySandbox({ files: { 'src/a.js': 'one\n' } }),
    basis: () => basis,
    policy: () => policies[seen.known]!,
    renewed: () => {
      seen.renewed += 1;
      if (seen.failed === 0 || seen.known === 1) return [];
      seen.known = 1;
      return [told];
    },
    beforeWrite: (_, events, decided) => {
      if (seen.failed >= times || !when(events, decided)) return;
      seen.failed += 1;
      throw moved();
    },
    ...setup,
  });
  return { seen, ...made };
}

const has = (kind: RunEvent['kind']) => (events: RunEvent[]) => kinds(events).includes(kind);

describe('what was decided on, and holds no more when it is written', () => {
  it('before a call of the model: the call is decided anew, and made once', async () => {
    const { slice, log, seen, model } = run({ when: has('model.called') });
    expect(await slice()).toMatchObject({ kind: 'ended', outcome: { reason: 'handed_off' } });
    expect(seen).toMatchObject({ failed: 1, known: 1 });
    expect(payloads(log, 'model.called').map(({ turn }) => turn)).toEqual([1, 2]);
    expect(kinds(log).filter((kind) => kind === 'slice.started' || kind === 'policy.changed')).toEqual([
      'slice.started',
      'policy.changed',
    ]);
    expect(model.requests).toHaveLength(2);
  });

  it('with the intents of a reply: the reply stays, its calls are decided by what holds now', async () => {
    const { slice, log, seen } = run({ when: has('tool.intended') });
    await slice();
    expect(seen).toMatchObject({ failed: 1, known: 1 });
    expect(payloads(log, 'model.replied')).toHaveLength(2);
    const [first] = payloads(log, 'tool.intended');
    expect(first!.verdict).toMatchObject({ verdict: 'deny', rule: 'no-a' });
    expect(payloads(log, 'tool.finished')[0]).toMatchObject({ outcome: 'denied' });
    const order = kinds(log);
    expect(order.indexOf('policy.changed')).toBe(order.indexOf('model.replied') + 1);
    expect(order.indexOf('tool.intended')).toBe(order.indexOf('policy.changed') + 1);
  });

  it('because a person said something: it is in the very call that had to wait for it, once', async () => {
    const inbox: InboxMessage[] = [];
    const said = { source: 'person' as const, text: 'Use tabs.', commandId: 'cmd_1' };
    const { slice, log, model } = run({
      inbox,
      when: (events, decided) => {
        const fails = has('model.called')(events) && decided?.heard === true;
        if (fails) inbox.push(said);
        return fails;
      },
    });
    await slice();
    expect(payloads(log, 'message.added').filter(({ commandId }) => commandId === 'cmd_1')).toHaveLength(1);
    expect(JSON.stringify(model.requests[0]!.messages)).toContain('Use tabs.');
  });

  it('and would have ended the run: it is read anew first, and the run goes on where that is allowed by now', async () => {
    const noModel: Layer = {
      name: 'org',
      limits: [
        rule.parse({ id: 'no-model', on: 'model', models: ['anthropic/*'], then: 'deny', why: 'it is closed.' }),
      ],
      defaults: [],
    };
    const old = runPolicy({ layers: [balanced, noModel], scope });
    let renewed = 0;
    const { slice, log } = run({
      when: () => false,
      policy: () => (renewed > 0 ? policies[0]! : old),
      renewed: () => ((renewed += 1) === 1 ? [told] : []),
    });
    expect(await slice()).toMatchObject({ outcome: { reason: 'handed_off' } });
    expect(kinds(log)).not.toContain('action.judged');
    expect(renewed).toBe(1);
  });

  it('is read anew before each commit where it moves time and again', async () => {
    const { slice, log, seen } = run({
      times: 100,
      when: (_, decided) => decided !== undefined && (decided.heard || decided.rules !== null),
    });
    expect(await slice()).toMatchObject({ kind: 'ended' });
    expect(seen.failed).toBeLessThan(20);
    expect(payloads(log, 'model.called')).toHaveLength(2);
  });

  it('is not read anew while it stands, and no commit is more than two a turn', async () => {
    const { slice, seen, commits } = run({ when: () => false });
    await slice();
    expect(seen.renewed).toBe(0);
    expect(commits()).toBeLessThanOrEqual(5);
  });
});

describe('what a person has said', () => {
  const said: InboxMessage = { source: 'person', text: 'Use tabs.', commandId: 'cmd_1' };
  const handoff = reply('last', [['handoff', { summary: 'Done.' }]]);
  const files = { 'src/a.js': 'one\n' };
  const asked = reply('asked', [], { content: [{ type: 'text', text: 'Tabs or spaces?' }] });
  const circles = Array.from({ length: 4 }, (_, n) => reply(`t${n}`, [['view', { path: 'src/a.js' }]]));

  it.each([
    ['a reply that only asks', [asked, handoff]],
    ['calls that turn in circles', [...circles, handoff]],
  ] as const)('is heard before the agent is told off for %s', async (_, turns) => {
    const inbox: InboxMessage[] = [];
    const last = turns.length - 1;
    const made = harness({
      turns: [...turns],
      inbox,
      sandbox: memorySandbox({ files }),
      basis: () => basis,
      beforeWrite: (_n, events) => {
        if (payloads(events, 'model.replied')[0]?.turn === last) inbox.push(said);
      },
    });
    expect(await made.slice()).toMatchObject({ outcome: { reason: 'handed_off' } });
    expect(payloads(made.log, 'message.added')).toEqual([said]);
    expect(made.model.requests).toHaveLength(turns.length);
  });
});
