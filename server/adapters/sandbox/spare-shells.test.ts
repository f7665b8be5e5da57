import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { spareShells } from './spare-shells.ts';
import type { Exit, Shell } from './shell.ts';

/** Shells that take as long to be made as somebody lets them, and what is alive of them. */
function slowly() {
  const alive = new Set<Shell>();
  const doors: (() => void)[] = [];
  const make = async (): Promise<Shell> => {
    await new Promise<void>((resolve) => doors.push(resolve));
    const { promise: ended, resolve: end } = Promise.withResolvers<Exit>();
    const shell: Shell = {
      write: () => undefined,
      output: new PassThrough(),
      ready: async () => undefined,
      said: () => Buffer.alloc(0),
      stop: (stopped) => {
        alive.delete(shell);
        end({ code: null, stopped });
      },
      pid: () => null,
      alive: () => alive.has(shell),
      ended,
    };
    alive.add(shell);
    return shell;
  };
  return { make, alive, open: () => doors.splice(0).forEach((door) => door()) };
}

test.each(['take', 'fresh'] as const)(
  'a shell that is being made for a %s while all is closed ends with it',
  async (way) => {
    const { make, alive, open } = slowly();
    const spares = spareShells(make);
    const wanted = spares[way]().catch(() => null);
    const closed = spares.close();
    open();
    await closed;
    // Whoever asked may have been late enough to be refused; what he has is not alive.
    open();
    expect((await wanted)?.alive() ?? false).toBe(false);
    expect(alive.size).toBe(0);
  },
);

test('a spare that was taken while it was being made ends with all, and nothing is made afterwards', async () => {
  const { make, alive, open } = slowly();
  const spares = spareShells(make);
  spares.prepare();
  const wanted = expect(spares.take()).rejects.toMatchObject({ code: 'sandbox_unavailable' });
  const closed = spares.close();
  open();
  await closed;
  await wanted;
  expect(alive.size).toBe(0);
  await expect(spares.take()).rejects.toMatchObject({ code: 'sandbox_unavailable' });
  await expect(spares.fresh()).rejects.toMatchObject({ code: 'sandbox_unavailable' });
  spares.prepare();
  open();
  expect(alive.size).toBe(0);
});
