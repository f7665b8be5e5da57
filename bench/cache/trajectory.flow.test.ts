import { afterAll, beforeAll, expect, it } from 'vitest';
import { cacheServer } from './cache-server.ts';
import { stories, trajectory } from './trajectory.ts';

let server: Awaited<ReturnType<typeof cacheServer>>;
beforeAll(async () => {
  server = await cacheServer();
});
afterAll(() => server.close());

it.each(stories)('a run with %s breaks no prefix that it need not', async (story) => {
  const judged = await trajectory(server, { story, seed: 3, turns: 30 });
  expect(judged.calls).toBeGreaterThan(30);
  expect(judged.avoidableBreaks).toBe(0);
  expect(judged.cost / judged.optimum).toBeLessThan(1.15);
  if (story === 'room') expect(judged.plannedBreaks).toBeGreaterThan(0);
});

it('finds a clock in the prompt', async () => {
  const spoil = (text: string, call: number) => `${text} It is ${call} o'clock.`;
  const judged = await trajectory(server, { story: 'plain', seed: 3, turns: 10 }, { spoil });
  expect(judged.avoidableBreaks).toBeGreaterThan(0);
});
