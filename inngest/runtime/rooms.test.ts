import { describe, expect, it } from 'vitest';
import { memorySandbox } from '../../server/agent/testing/memory-sandbox.ts';
import { noServers, noWeb } from '../../server/agent/testing/harness.ts';
import { testClock } from '../../server/agent/testing/test-clock.ts';
import { networkOutbox, type NetworkOutbox } from './network-outbox.ts';
import { makeRooms } from './rooms.ts';

function rig() {
  const clock = testClock();
  const draining = new AbortController();
  const rooms = makeRooms({ clock, draining: draining.signal });
  const opened: string[] = [];
  const closed: string[] = [];
  const hungUp: string[] = [];
  const outboxes: NetworkOutbox[] = [];
  const enter = (like = 'a') => {
    const name = `s${opened.length + 1}`;
    const open = async () => {
      opened.push(name);
      const network = networkOutbox({ registries: [], rules: [{ host: 'example.com', ports: [443] }] });
      outboxes.push(network);
      const close = async () => void closed.push(name);
      const servers = { ...noServers, close: async () => void hungUp.push(name) };
      return { sandbox: memorySandbox(), network, web: noWeb, servers, close };
    };
    return rooms.enter({ runId: 'run_1', like, open, before: 0 });
  };
  return { clock, draining, rooms, opened, closed, hungUp, enter, outboxes };
}

describe('a room', () => {
  it('is kept for the next slice, with what runs in it', async () => {
    const { rooms, enter, opened, closed, clock } = rig();
    const first = await enter();
    rooms.keep({ runId: 'run_1', like: 'a' }, first.room);
    clock.advance(14_000);
    expect(await enter()).toEqual({ room: first.room, fresh: false });
    clock.advance(60_000);
    await Promise.resolve();
    expect({ opened, closed }).toEqual({ opened: ['s1'], closed: [] });
  });

  it('is closed when the next slice does not come, wants another one, or the run has ended', async () => {
    const { rooms, enter, closed, hungUp, clock } = rig();
    rooms.keep({ runId: 'run_1', like: 'a' }, (await enter()).room);
    clock.advance(15_000);
    await Promise.resolve();
    await Promise.resolve();
    expect(closed).toEqual(['s1']);
    rooms.keep({ runId: 'run_1', like: 'a' }, (await enter()).room);
    const other = await enter('b');
    expect(other.fresh).toBe(true);
    expect(closed).toEqual(['s1', 's2']);
    rooms.keep({ runId: 'run_1', like: 'b' }, other.room);
    await rooms.drop('run_1');
    await rooms.drop('run_1');
    expect(closed).toEqual(['s1', 's2', 's3']);
    // With whatever MCP servers it had.
    expect(hungUp).toEqual(closed);
  });

  it('leaves what was asked for after its slice to the log, as refused, until that has it', async () => {
    const { rooms, enter, outboxes } = rig();
    rooms.keep({ runId: 'run_1', like: 'a' }, (await enter()).room);
    const request = { method: 'CONNECT', host: 'example.com', port: 443, path: null, allowed: true, rule: 'r' };
    const asked = outboxes[0]!.egress!.record({ ...request, refusal: null, address: null, injected: [] });
    const answer = expect(asked).rejects.toThrow('closed');
    await rooms.drop('run_1');
    await answer;
    const refused = [{ kind: 'network.requested', payload: { host: 'example.com', allowed: false } }];
    await expect(rooms.leftBehind('run_1', async () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    expect(await rooms.leftBehind('run_1', async (left) => left)).toMatchObject(refused);
    expect(await rooms.leftBehind('run_1', async (left) => left)).toEqual([]);
  });

  it('does not outlive its worker', async () => {
    const { rooms, enter, closed, draining } = rig();
    const { room } = await enter();
    rooms.keep({ runId: 'run_1', like: 'a' }, room);
    draining.abort();
    expect(closed).toEqual(['s1']);
    const late = await enter();
    rooms.keep({ runId: 'run_1', like: 'a' }, late.room);
    expect(closed).toEqual(['s1', 's2']);
  });

  it('is closed to its end before a stop goes on', async () => {
    const { rooms, enter, draining } = rig();
    const { room } = await enter();
    const { promise: unmounted, resolve: unmount } = Promise.withResolvers<void>();
    const said: string[] = [];
    const close = () => unmounted.then(() => void said.push('closed'));
    rooms.keep({ runId: 'run_1', like: 'a' }, { ...room, close });
    draining.abort();
    const settled = rooms.settled().then(() => void said.push('settled'));
    unmount();
    await settled;
    expect(said).toEqual(['closed', 'settled']);
  });
});
