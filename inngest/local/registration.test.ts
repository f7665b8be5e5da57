import { describe, expect, test } from 'vitest';
import { RegistrationError, parseRegistration } from './registration.ts';

const runtime = { type: 'http', url: 'http://127.0.0.1:4000/api/inngest?fnId=fleet-f&stepId=step' };
const minimal = {
  id: 'fleet-f',
  name: 'f',
  triggers: [{ event: 'f/asked' }],
  steps: { step: { id: 'step', name: 'step', runtime } },
};
const register = (config: Record<string, unknown>) =>
  parseRegistration({ appName: 'fleet', functions: [{ ...minimal, ...config }], sdk: 'js:v4', v: '0.1' }).functions[0];
const refusal = (config: Record<string, unknown>): string => {
  try {
    register(config);
  } catch (error) {
    if (error instanceof RegistrationError) return error.message;
    throw error;
  }
  throw new Error('expected a refusal');
};

describe('a function', () => {
  test('with nothing said has four attempts and no limits', () => {
    expect(register({})).toEqual({
      id: 'fleet-f',
      url: runtime.url,
      maxAttempts: 4,
      events: ['f/asked'],
      crons: [],
      concurrency: [],
      cancel: [],
      idempotency: null,
    });
  });

  test('with everything the engine knows', () => {
    const steps = { step: { ...minimal.steps.step, retries: { attempts: 0 } } };
    expect(
      register({
        steps,
        triggers: [{ event: 'f/asked' }, { cron: '*/5 * * * *' }],
        concurrency: [{ limit: 2, key: 'event.data.orgId', scope: 'fn' }, { limit: 10 }],
        cancel: [{ event: 'f/stopped', if: 'event.data.id == async.data.id' }, { event: 'all/stopped' }],
        idempotency: 'event.data.id',
      }),
    ).toMatchObject({
      maxAttempts: 1,
      crons: ['*/5 * * * *'],
      concurrency: [
        { limit: 2, key: ['data', 'orgId'] },
        { limit: 10, key: null },
      ],
      cancel: [
        { event: 'f/stopped', match: { own: ['data', 'id'], other: ['data', 'id'] } },
        { event: 'all/stopped', match: null },
      ],
      idempotency: ['data', 'id'],
    });
    expect(register({ concurrency: 5 })?.concurrency).toEqual([{ limit: 5, key: null }]);
  });
});

describe('refused by name', () => {
  test.each([
    [{ debounce: { period: '1s' } }, 'debounce'],
    [{ rateLimit: { limit: 1, period: '1s' } }, 'rateLimit'],
    [{ throttle: { limit: 1, period: '1s' } }, 'throttle'],
    [{ batchEvents: { maxSize: 2, timeout: '1s' } }, 'batchEvents'],
    [{ priority: { run: '1' } }, 'priority'],
    [{ singleton: { mode: 'skip' } }, 'singleton'],
    [{ timeouts: { start: '1s' } }, 'timeouts'],
    [{ triggers: [{ event: 'f/asked', expression: 'event.data.a == 1' }] }, 'expression'],
    [{ triggers: [] }, 'triggers'],
    [{ cancel: [{ event: 'f/stopped', timeout: '1h' }] }, 'timeout'],
    [{ cancel: [{ event: 'f/stopped', if: "async.data.x == 'y'" }] }, "async.data.x == 'y'"],
    [{ concurrency: { limit: 1, key: '"literal"' } }, '\\"literal\\"'],
    [{ concurrency: { limit: 1, scope: 'account' } }, 'scope'],
    [{ concurrency: 0 }, 'concurrency'],
    [{ idempotency: 'event.data.a + event.data.b' }, 'event.data.a + event.data.b'],
    [{ triggers: [{ cron: 'TZ=Europe/Paris 0 5 * * *' }] }, 'TZ=Europe/Paris'],
    [{ triggers: [{ cron: '@hourly' }] }, '@hourly'],
    [{ triggers: [{ cron: '0 0 1 1 *', jitter: '5m' }] }, 'jitter'],
    [{ steps: { step: { runtime: { type: 'ws', url: 'wss://127.0.0.1' } } } }, 'steps.step.runtime.type'],
  ])('%j', (config, named) => {
    const message = refusal(config);
    expect(message).toContain('"fleet-f"');
    expect(message).toContain(named);
  });

  test.each([[null], [{}], [{ appName: 'fleet', functions: [] }], ['text']])('%j is no registration', (body) => {
    expect(() => parseRegistration(body)).toThrow(RegistrationError);
  });
});
