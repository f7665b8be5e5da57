import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import type { NetworkRequest } from '../../server/domain/network/network-request.ts';
import { networkOutbox } from './network-outbox.ts';

const policy = { registries: [], rules: [{ host: 'example.com', ports: [443] }] };

function request(host: string, allowed = true): NetworkRequest {
  const refusal = allowed ? null : 'no_rule';
  return {
    ...{ method: 'CONNECT', host, port: 443, path: null, allowed, rule: 'r', refusal },
    ...{ address: null, injected: [] },
  };
}

/** A log whose writes end when the test says so. */
function slowLog() {
  const written: RunEvent[][] = [];
  const ends: { resolve(): void; reject(error: Error): void }[] = [];
  const write = (events: RunEvent[]) => {
    written.push(events);
    return new Promise<void>((resolve, reject) => ends.push({ resolve, reject }));
  };
  const told = () =>
    written.map((events) =>
      events.map(({ payload }) => {
        const { host, refusal, rule } = payload as NetworkRequest;
        return host === '' ? rule : `${host} ${refusal ?? 'allowed'}`;
      }),
    );
  return { write, ends, told };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** What became of a promise so far. */
function watch(promise: Promise<unknown>) {
  const state = { is: 'waits' };
  promise.then(
    () => (state.is = 'written'),
    () => (state.is = 'refused'),
  );
  return state;
}

describe('the outbox of a sandbox', () => {
  it('has no way out where nothing is named', () => {
    expect(networkOutbox({ registries: [], rules: [] }).egress).toBeNull();
  });

  it('lets nothing go before it is written, and gathers what comes meanwhile into one write', async () => {
    const { write, ends, told } = slowLog();
    const { egress, open } = networkOutbox(policy);
    open(write);
    const states = ['a', 'b', 'c'].map((host) => watch(egress!.record(request(host))));
    await settled();
    expect(states.map(({ is }) => is)).toEqual(['waits', 'waits', 'waits']);
    ends[0]!.resolve();
    await settled();
    expect(states.map(({ is }) => is)).toEqual(['written', 'waits', 'waits']);
    ends[1]!.resolve();
    await settled();
    expect(states.map(({ is }) => is)).toEqual(['written', 'written', 'written']);
    expect(told()).toEqual([['a allowed'], ['b allowed', 'c allowed']]);
  });

  it('refuses what cannot be written, and keeps every refusal for the next write', async () => {
    const { write, ends, told } = slowLog();
    const { egress, open, flush } = networkOutbox(policy);
    open(write);
    const denied = watch(egress!.record(request('evil', false)));
    const states = ['a', 'b'].map((host) => watch(egress!.record(request(host))));
    ends[0]!.reject(new Error('the database is gone'));
    await settled();
    expect([denied, ...states].map(({ is }) => is)).toEqual(['refused', 'refused', 'refused']);
    const again = flush();
    ends[1]!.reject(new Error('still gone'));
    await expect(again).rejects.toThrow('still gone');
    const later = watch(egress!.record(request('c')));
    ends[2]!.resolve();
    await settled();
    expect(later.is).toBe('written');
    const kept = ['evil no_rule', 'a unrecorded', 'b unrecorded'];
    expect(told()).toEqual([['evil no_rule'], kept, [...kept, 'c allowed']]);
  });

  it('makes requests wait between two slices, and ends what is in the air before the writer leaves', async () => {
    const first = slowLog();
    const { egress, open, pause } = networkOutbox(policy);
    open(first.write);
    const early = watch(egress!.record(request('a')));
    const leaving = watch(pause());
    const between = watch(egress!.record(request('b')));
    await settled();
    expect([leaving.is, early.is]).toEqual(['waits', 'waits']);
    first.ends[0]!.resolve();
    await settled();
    expect([leaving.is, early.is, between.is]).toEqual(['written', 'written', 'waits']);
    const next = slowLog();
    open(next.write);
    next.ends[0]!.resolve();
    await settled();
    expect(between.is).toBe('written');
    expect([first.told(), next.told()]).toEqual([[['a allowed']], [['b allowed']]]);
  });

  it('hands over at its end what is in no log, and takes no more', async () => {
    const { egress, close } = networkOutbox(policy);
    const [waiting, denied] = [watch(egress!.record(request('a'))), watch(egress!.record(request('evil', false)))];
    const left = (await close()) as { payload: NetworkRequest }[];
    expect(left.map(({ payload }) => `${payload.host} ${payload.refusal}`)).toEqual(['a unrecorded', 'evil no_rule']);
    await expect(egress!.record(request('b'))).rejects.toThrow('closed');
    expect([waiting.is, denied.is]).toEqual(['refused', 'refused']);
    expect(await close()).toEqual([]);
  });

  it('keeps so many and counts the rest', async () => {
    const { egress, close } = networkOutbox(policy);
    const states = Array.from({ length: 10_003 }, (_, i) => watch(egress!.record(request(`h${i}`, false))));
    await settled();
    expect(states.filter(({ is }) => is === 'refused')).toHaveLength(3);
    const left = await close();
    expect(left).toHaveLength(10_001);
    expect(left.at(-1)).toMatchObject({ payload: { rule: expect.stringContaining('3 more requests were refused') } });
  });
});
