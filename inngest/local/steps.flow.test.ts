import { NonRetriableError, RetryAfterError, StepError } from 'inngest';
import { describe, expect, test } from 'vitest';
import { rig } from './testing/fixture.ts';
import { until } from './testing/rig.ts';

describe('steps', () => {
  test('run one after the other, each once, and their results are remembered', async () => {
    const ran: string[] = [];
    const { client, rows } = await rig((app) => [
      app.createFunction({ id: 'walk', triggers: { event: 'walk/asked' } }, async ({ event, step }) => {
        const one = await step.run('one', () => (ran.push('one'), (event.data.start as number) + 1));
        const two = await step.run('two', () => (ran.push('two'), { value: one * 2 }));
        const none = await step.run('none', () => void ran.push('none'));
        return { two, none };
      }),
    ]);
    await client.send({ name: 'walk/asked', data: { start: 20 } });
    const [run] = await rows.ended('walk');
    expect(run).toMatchObject({ status: 'completed', output: { two: { value: 42 }, none: null } });
    expect(ran).toEqual(['one', 'two', 'none']);
  });

  test('a function without steps is one call', async () => {
    const { client, rows } = await rig((app) => [
      app.createFunction({ id: 'plain', triggers: { event: 'plain/asked' } }, () => 'done'),
    ]);
    await client.send({ name: 'plain/asked' });
    expect(await rows.ended('plain')).toMatchObject([{ status: 'completed', output: 'done' }]);
  });

  test('parallel steps and sleeps all come back before the function goes on', async () => {
    const ran: string[] = [];
    const { client, rows } = await rig((app) => [
      app.createFunction({ id: 'fan', triggers: { event: 'fan/asked' } }, async ({ step }) => {
        const numbers = await Promise.all(
          [1, 2, 3, 4, 5, 6, 7, 8].map((n) => step.run(`part ${n}`, () => (ran.push(`part ${n}`), n))),
        );
        await Promise.all([step.sleep('nap', '1s'), step.run('meanwhile', () => ran.push('meanwhile'))]);
        return step.run('sum', () => (ran.push('sum'), numbers.reduce((a, b) => a + b, 0)));
      }),
    ]);
    await client.send({ name: 'fan/asked' });
    expect(await rows.ended('fan')).toMatchObject([{ status: 'completed', output: 36 }]);
    expect(ran.toSorted()).toEqual(
      [...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `part ${n}`), 'meanwhile', 'sum'].toSorted(),
    );
    expect(ran.at(-1)).toBe('sum');
  });

  test('sleep lasts what it says and sends nothing meanwhile', async () => {
    const times: number[] = [];
    const { client, rows } = await rig((app) => [
      app.createFunction({ id: 'sleeper', triggers: { event: 'sleeper/asked' } }, async ({ step }) => {
        await step.run('before', () => times.push(Date.now()));
        await step.sleep('a second', '1s');
        await step.sleepUntil('until long ago', new Date(0));
        await step.run('after', () => times.push(Date.now()));
      }),
    ]);
    await client.send({ name: 'sleeper/asked' });
    expect(await rows.ended('sleeper')).toMatchObject([{ status: 'completed' }]);
    const [before, after] = times as [number, number];
    expect(after - before).toBeGreaterThanOrEqual(1000);
  });

  test('sendEvent starts another function', async () => {
    const { client, rows } = await rig((app) => [
      app.createFunction({ id: 'first', triggers: { event: 'first/asked' } }, async ({ step }) => {
        await step.sendEvent('tell', [{ name: 'second/asked', data: { from: 'first' } }]);
      }),
      app.createFunction({ id: 'second', triggers: { event: 'second/asked' } }, ({ event }) => event.data.from),
    ]);
    await client.send({ name: 'first/asked' });
    expect(await rows.ended('second')).toMatchObject([{ status: 'completed', output: 'first' }]);
    expect(await rows.ended('first')).toMatchObject([{ status: 'completed' }]);
  });

  test('awkward text survives the way there and back, signatures included', async () => {
    const awkward = { '10': 'ä', '9': '\u0000\ud800', b: ['\u2028', 1e21, -0.5, null, true], a: { é: '💥"\\' } };
    const { client, rows } = await rig((app) => [
      app.createFunction({ id: 'echo', triggers: { event: 'echo/asked' } }, async ({ event, step }) => {
        const echoed = await step.run('echo', () => event.data);
        return step.run('again', () => echoed);
      }),
    ]);
    await client.send({ name: 'echo/asked', data: awkward });
    expect(await rows.ended('echo')).toMatchObject([{ status: 'completed', output: awkward }]);
  });
});

describe('failures', () => {
  test('a failing step is tried again with growing pauses; what was done is not done again', async () => {
    const ran: string[] = [];
    const { client, rows } = await rig((app) => [
      app.createFunction({ id: 'flaky', retries: 3, triggers: { event: 'flaky/asked' } }, async ({ step, attempt }) => {
        await step.run('steady', () => void ran.push('steady'));
        return step.run('flaky', () => {
          ran.push(`flaky ${attempt}`);
          if (attempt < 3) throw new Error('not yet');
          return attempt;
        });
      }),
    ]);
    await client.send({ name: 'flaky/asked' });
    expect(await rows.ended('flaky')).toMatchObject([{ status: 'completed', output: 3 }]);
    expect(ran).toEqual(['steady', 'flaky 0', 'flaky 1', 'flaky 2', 'flaky 3']);
  });

  test('a step that fails for good can be caught as a StepError, also among parallel ones', async () => {
    const { client, rows } = await rig((app) => [
      app.createFunction({ id: 'catcher', retries: 1, triggers: { event: 'catcher/asked' } }, async ({ step }) => {
        const fail = () => {
          throw new TypeError('no use');
        };
        const caught = await step.run('alone', fail).catch((error: unknown) => error);
        const settled = await Promise.allSettled([step.run('left', fail), step.run('right', () => 'right')]);
        return {
          is: caught instanceof StepError,
          message: (caught as Error).message,
          all: settled.map((s) => s.status),
        };
      }),
    ]);
    await client.send({ name: 'catcher/asked' });
    const output = { is: true, message: 'no use', all: ['rejected', 'fulfilled'] };
    expect(await rows.ended('catcher')).toMatchObject([{ status: 'completed', output }]);
  });

  test('the run fails when the attempts are used up', async () => {
    let attempts = 0;
    const { client, rows } = await rig((app) => [
      app.createFunction({ id: 'doomed', retries: 2, triggers: { event: 'doomed/asked' } }, () => {
        attempts++;
        throw new RangeError('too far');
      }),
    ]);
    await client.send({ name: 'doomed/asked' });
    expect(await rows.ended('doomed')).toMatchObject([
      { status: 'failed', error: { name: 'RangeError', message: 'too far' } },
    ]);
    expect(attempts).toBe(3);
  });

  test.each(['function', 'step'])('NonRetriableError in a %s is not tried again', async (where) => {
    let attempts = 0;
    const { client, rows } = await rig((app) => [
      app.createFunction({ id: 'final', triggers: { event: 'final/asked' } }, async ({ step }) => {
        const fail = () => {
          attempts++;
          throw new NonRetriableError('never');
        };
        return where === 'step' ? step.run('fail', fail) : fail();
      }),
    ]);
    await client.send({ name: 'final/asked' });
    expect(await rows.ended('final')).toMatchObject([{ status: 'failed', error: { message: 'never' } }]);
    expect(attempts).toBe(1);
  });

  test('RetryAfterError says when to come back', async () => {
    const times: number[] = [];
    const { client, rows } = await rig((app) => [
      app.createFunction({ id: 'later', retries: 1, triggers: { event: 'later/asked' } }, () => {
        times.push(Date.now());
        if (times.length === 1) throw new RetryAfterError('busy', 1000);
        return 'ok';
      }),
    ]);
    await client.send({ name: 'later/asked' });
    expect(await rows.ended('later')).toMatchObject([{ status: 'completed' }]);
    const [first, second] = times as [number, number];
    expect(second - first).toBeGreaterThanOrEqual(1000);
  });

  test('an operation the engine does not know fails the run and is named', async () => {
    const { client, rows } = await rig((app) => [
      app.createFunction({ id: 'waiter', triggers: { event: 'waiter/asked' } }, async ({ step }) => {
        await step.waitForEvent('never', { event: 'other/asked', timeout: '1h' });
      }),
      app.createFunction({ id: 'racer', triggers: { event: 'racer/asked' } }, async ({ step, group }) => {
        await group.parallel({ mode: 'race' }, () => Promise.race([step.run('a', () => 1), step.run('b', () => 2)]));
      }),
    ]);
    await client.send([{ name: 'waiter/asked' }, { name: 'racer/asked' }]);
    const [waiter] = await rows.ended('waiter');
    expect(waiter).toMatchObject({ status: 'failed', error: { name: 'UnsupportedOperation' } });
    expect(waiter?.error?.message).toContain('"WaitForEvent"');
    const [racer] = await rows.ended('racer');
    expect(racer?.error?.message).toContain('race');
    await until(async () => (await rows.pool.query('select from engine.call')).rowCount === 0, 'no call left open');
  });
});
