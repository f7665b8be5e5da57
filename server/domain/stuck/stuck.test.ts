import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../events/run-events.ts';
import { toolNames, type ToolName } from '../roles/role-body.ts';
import { toolClasses } from '../tools/tool-classes.ts';
import { stuckNotice } from './notice.ts';
import { stuckIn, stuckLimits } from './stuck.ts';
import { emptyTrail, extendTrail } from './trail.ts';

const limits = stuckLimits({ costMicros: 1_000_000, seconds: 1_000, idleShare: 0.4, writes: true });
const allow = { verdict: 'allow' as const, rule: 'r', layer: 'org' as const, reason: '' };

type Done = { tool?: ToolName; input?: unknown; text?: string; failed?: boolean; lost?: boolean; millis?: number };

let calls = 0;
function call({ tool = 'view', input = {}, text = '', failed, lost, millis = 5 }: Done): RunEvent[] {
  const callId = `c${(calls += 1)}`;
  const outcome = lost ? 'lost' : failed ? 'error' : 'ok';
  const rest = { exitCode: null, droppedBytes: 0, blobId: null, durationMs: millis };
  return [
    { kind: 'tool.intended', payload: { turn: 1, callId, tool, input, verdict: allow } },
    { kind: 'tool.finished', payload: { turn: 1, callId, tool, outcome, text, ...rest } },
  ];
}

const thinks = (costMicros: number, durationMs = 0): RunEvent => ({
  kind: 'model.replied',
  payload: {
    turn: 1,
    model: 'm',
    content: [],
    stopReason: 'tool_use',
    usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    costMicros,
    durationMs,
  },
});
const said = (source: 'platform' | 'person', text: string): RunEvent => ({
  kind: 'message.added',
  payload: { source, text },
});

const judge = (...events: RunEvent[][]) => stuckIn(events.flat().reduce(extendTrail, emptyTrail), limits)?.pattern;
const times = (count: number, make: (n: number) => RunEvent[]) => Array.from({ length: count }, (_, n) => make(n));

const steps = fc.record({
  tool: fc.constantFrom<ToolName>('view', 'search', 'shell', 'replace', 'read_output'),
  input: fc.record({ path: fc.string({ maxLength: 3 }) }),
  text: fc.string({ maxLength: 3 }),
  failed: fc.boolean(),
});

describe('stuck, and its benign twin', () => {
  it('the same call with the same answer, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 20 }), steps, (before, step) => {
        const shown = before.map((each) => call(each));
        expect(judge(...shown, ...times(4, () => call({ ...step, failed: false })))).toBe('repeated_call');
      }),
    );
  });

  it('the same call with another answer each time is a look at something that moves', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 4, max: 30 }), (step, count) => {
        const moving = times(count, (n) => call({ ...step, failed: false, text: `line ${n}` }));
        expect(judge(...moving)).toBeUndefined();
      }),
    );
  });

  it('times in an answer are no other answer', () => {
    const answers = ['ran 12 ms', 'ran 340 ms', 'ran 1.5 s', 'ran 9 s'];
    const again = answers.map((text) => call({ tool: 'shell', input: { command: 'npm test' }, text }));
    expect(judge(...again)).toBe('repeated_call');
  });

  it('three times is not four', () => {
    expect(judge(...times(3, () => call({ text: 'a' })))).toBeUndefined();
  });

  it('the same error of the same tool, with other arguments', () => {
    const fails = (n: number) => call({ tool: 'replace', input: { n }, text: 'old_text was not found', failed: true });
    expect(judge(...times(4, fails))).toBe('repeated_error');
    const differ = (n: number) => call({ tool: 'replace', input: { n }, text: `no file ${n}`, failed: true });
    expect(judge(...times(9, differ))).toBeUndefined();
    expect(judge(...times(3, fails), call({ text: 'fine' }), ...times(3, fails))).toBeUndefined();
  });

  it('two calls that take turns; not when either learns something', () => {
    const pair = (one: string, other: string) => [
      ...call({ input: { path: 'a' }, text: one }),
      ...call({ input: { path: 'b' }, text: other }),
    ];
    expect(judge(...times(3, () => pair('x', 'y')))).toBe('alternating_pair');
    expect(judge(...times(3, (n) => pair('x', `y${n}`)))).toBeUndefined();
    expect(judge(...times(2, () => pair('x', 'y')))).toBeUndefined();
  });

  it('money or time without a change; not with one', () => {
    const idle = times(9, (n) => [thinks(50_000), ...call({ text: `${n}` })]);
    expect(judge(...idle)).toBe('no_change');
    const writes = call({ tool: 'create', input: { path: 'a' } });
    expect(judge(...idle.slice(0, 5), writes, ...idle.slice(5))).toBeUndefined();
    expect(judge(...times(5, () => [thinks(0, 90_000)]))).toBe('no_change');
    const fresh = call({ tool: 'shell', input: { command: 'npm test' }, text: '8 pass' });
    expect(judge(...idle.slice(0, 5), fresh, ...idle.slice(5))).toBeUndefined();
    expect(judge(...idle.slice(0, 5), fresh, ...idle.slice(5, 7), fresh, ...idle.slice(7))).toBeUndefined();
    expect(judge(fresh, ...idle, fresh)).toBe('no_change');
  });

  it('how much may pass without a change is what the role says', () => {
    const trail = times(5, (n) => [thinks(50_000), ...call({ text: `${n}` })])
      .flat()
      .reduce(extendTrail, emptyTrail);
    const allowed = { costMicros: 1_000_000, seconds: 1_000, writes: true };
    expect(stuckIn(trail, stuckLimits({ ...allowed, idleShare: 0.3 }))).toBeNull();
    expect(stuckIn(trail, stuckLimits({ ...allowed, idleShare: 0.2 }))?.pattern).toBe('no_change');
  });

  it('a reviewer changes nothing and is not stuck for it', () => {
    const trail = times(30, (n) => [thinks(50_000), ...call({ text: `${n}` })])
      .flat()
      .reduce(extendTrail, emptyTrail);
    expect(stuckIn(trail, { ...limits, writes: false })).toBeNull();
  });
});

describe('waiting is never stuck', () => {
  const waiting = toolNames.filter((tool) => 'waits' in toolClasses[tool]);

  it('for a person or for a job, however short each look', () => {
    expect(waiting).toEqual(expect.arrayContaining(['ask_person', 'report_blocker', 'job_read']));
    fc.assert(
      fc.property(
        fc.constantFrom(...waiting),
        fc.integer({ min: 4, max: 40 }),
        fc.constantFrom(5, 600_000),
        (tool, count, millis) => {
          const looks = (n: number) => call({ tool, input: { id: 'job-1' }, text: `job-1 runs since ${n} s`, millis });
          expect(judge(...times(count, looks))).toBeUndefined();
        },
      ),
    );
  });

  it('for a command that takes its time', () => {
    const slow = () => call({ tool: 'shell', input: { same: true }, text: 'not yet', millis: 10_000 });
    expect(judge(...times(20, slow))).toBeUndefined();
  });

  it('but reading one kept output again and again is', () => {
    expect(judge(...times(4, () => call({ tool: 'read_output', input: { id: 'b1' }, text: 'line 1' })))).toBe(
      'repeated_call',
    );
  });

  it('nor is what the server cut off', () => {
    expect(judge(...times(12, () => call({ text: 'lost', lost: true })))).toBeUndefined();
  });
});

describe('once told', () => {
  it('the agent begins anew, and so it does when a person speaks', () => {
    const circles = times(4, () => call({ text: 'a' }));
    const trail = circles.flat().reduce(extendTrail, emptyTrail);
    const stuck = stuckIn(trail, limits);
    expect(trail.told).toBe(false);
    const after = extendTrail(trail, said('platform', stuckNotice(stuck!, { mayAsk: true })));
    expect(after.told).toBe(true);
    expect(stuckIn(after, limits)).toBeNull();
    expect(stuckIn(extendTrail(trail, said('person', 'Try the other file.')), limits)).toBeNull();
    expect(stuckIn(circles.flat().reduce(extendTrail, after), limits)?.pattern).toBe('repeated_call');
  });
});
