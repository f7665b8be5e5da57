import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anthropicModel } from '../../server/adapters/model/anthropic.ts';
import { dialects } from '../../server/adapters/model/testing/dialects.ts';
import { httpDouble, type Answer, type HttpDouble } from '../../server/adapters/model/testing/http-double.ts';
import { startStream } from '../../server/adapters/model/testing/messages-answers.ts';
import { readAllEvents } from '../../server/db/read-events.ts';
import { flowRig, type Flow, type FlowRig } from './testing/flow-rig.ts';

// A provider that says over its real protocol what no agent should say, to a real run.

let rig: FlowRig;
let double: HttpDouble;
beforeAll(async () => {
  rig = await flowRig();
  double = await httpDouble();
  return () => double.stop();
});
beforeEach(() => double.forget());

const [messages] = dialects;
type Call = [id: string, name: string, ...json: string[]];
const calls = (...of: Call[]): Answer => messages!.reply('calls', { calls: of });
const says = (text: string): Answer => messages!.reply('end', { texts: [text] });

async function run(answers: Answer[], seconds = 600) {
  const open = async () => anthropicModel({ apiKey: 'key', baseUrl: double.baseUrl });
  const flow = await rig.flow([], { models: () => ({ environmentKey: true, open }) });
  await flow.changeDeveloper({ secondsLimit: seconds });
  double.next(...answers);
  const { pipelineRunId } = await flow.task();
  const row = () => flow.db.run.findFirst({ where: { orgId: flow.orgId }, orderBy: { id: 'asc' } });
  const ended = await flow.until(async () => {
    const found = await row();
    return found?.endedAt ? found : null;
  }, 'the run to end');
  return { flow, pipelineRunId, ended, log: await logOf(flow, ended.id) };
}

const logOf = ({ db, orgId }: Flow, subject: string) => readAllEvents(db, { orgId, kind: 'run', subject });

type Block = { type: string; id?: string; tool_use_id?: string; name?: string; text?: string };
type Sent = { messages: { role: string; content: Block[] }[] };

/** A request that the provider would take: every call has an id of its own and is answered once, in order. */
function checkRequest({ messages: sent }: Sent): void {
  const ids = sent.flatMap(({ content }) => content.flatMap(({ type, id }) => (type === 'tool_use' ? [id] : [])));
  const answered = sent.flatMap(({ content }) => content.flatMap(({ tool_use_id: id }) => id ?? []));
  expect(new Set(ids).size).toBe(ids.length);
  expect(answered).toEqual(ids);
}

describe('a model', () => {
  it('that calls unknown tools, two calls by one id, and sends five megabytes is told so, and may still do the task', async () => {
    const huge = Array.from({ length: 50 }, () => 'x'.repeat(100_000));
    const double2 = JSON.stringify({ path: 'src/double.js', content: 'export const double = (n) => n * 2;\n' });
    const { ended, log, flow } = await run([
      calls(['one', 'bash', '{"command":"ls"}'], ['two', 'approve_change', '{}'], ['three', '', '{}']),
      calls(['same', 'view', '{"path":"src/sum.js"}'], ['same', 'view', '{"path":"package.json"}']),
      calls(['big', 'create', '{"path":"src/big.js","content":"', ...huge, '"}']),
      calls(['made', 'create', double2]),
      calls(['end', 'handoff', '{"summary":"double() doubles a number."}']),
    ]);
    expect(ended).toMatchObject({ status: 'succeeded', outcome: { reason: 'handed_off' } });
    const finished = log.flatMap((event) => (event.kind === 'tool.finished' ? [event.payload] : []));
    expect(finished.map(({ outcome }) => outcome)).toEqual([
      ...['error', 'error', 'error'],
      ...['ok', 'ok'],
      ...['error', 'ok', 'ok'],
    ]);
    expect(finished[0]!.text).toContain('There is no tool bash');
    expect(finished[3]!.text).toContain('sum');
    expect(finished[4]!.text).toContain('"small"');
    expect(finished[5]!.text).toMatch(/had 50000\d\d characters.*Send less at once/);
    for (const { body } of double.seen.splice(0)) {
      checkRequest(body as Sent);
      expect(JSON.stringify(body).length).toBeLessThan(200_000);
    }
    const branches = (await flow.remote.branches()).filter((branch) => branch.startsWith('fleet/'));
    expect(await flow.remote.file('src/big.js', branches[0])).toBeNull();
  });

  it('that calls nothing is reminded, and then its run ends with the words of that', async () => {
    const { flow, pipelineRunId, ended, log } = await run([says('I think.'), says('I still think.'), says('Done!')]);
    const outcome = {
      reason: 'no_handoff',
      detail: expect.stringContaining('3 times in a row without calling a tool'),
    };
    expect(ended).toMatchObject({ status: 'failed', outcome, turns: 3 });
    expect(log.filter(({ kind }) => kind === 'message.added').length).toBe(2);
    expect((await flow.pending(pipelineRunId, 'escalation')).subject).toMatchObject(outcome);
  });

  it('that never stops calling is told, and then its run ends', async () => {
    const looks = Array.from({ length: 300 }, (_, n) => calls([`c${n}`, 'shell', `{"command":"echo ${n % 2}"}`]));
    const { flow, pipelineRunId, ended } = await run(looks);
    expect(ended).toMatchObject({ status: 'failed', outcome: { reason: 'stuck' } });
    expect(ended.turns).toBeLessThan(30);
    expect((await flow.pending(pipelineRunId, 'escalation')).subject).toMatchObject({ reason: 'stuck' });
  });

  it('that never stops talking is cut off within a second of the run-time’s end, and what it said is charged', async () => {
    const endless: Answer = (response) => {
      startStream(response);
      const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
      response.write(event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }));
      const more = () => {
        if (response.destroyed) return;
        response.write(event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'and ' } }));
        setTimeout(more, 5);
      };
      more();
    };
    const { ended, log } = await run([endless], 3);
    expect(ended).toMatchObject({ status: 'failed', outcome: { reason: 'run_time_exhausted' } });
    expect(Number(ended.millisUsed)).toBeGreaterThanOrEqual(3_000);
    expect(Number(ended.millisUsed)).toBeLessThanOrEqual(4_000);
    const called = log.flatMap((event) => (event.kind === 'model.called' ? [event.payload] : []));
    expect(Number(ended.costMicros)).toBeGreaterThan(0);
    expect(Number(ended.costMicros)).toBeLessThanOrEqual(called[0]!.reservedMicros);
  });
});
