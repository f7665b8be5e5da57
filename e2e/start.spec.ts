import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { fleetClient } from '../cli/demo/client.ts';
import { processesOf } from '../cli/demo/leftovers.ts';
import { signIn } from '../cli/demo/sign-in.ts';
import { runCommand, startCommand, type Command } from './steps/command.ts';
import { expect, test } from './test.ts';

let folder: string;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleet-start-test-'));
});
test.afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The line of the closing block that begins with `name`. */
function lineOf({ said }: Command, name: string): string {
  return new RegExp(`^  ${name} +(\\S.*)$`, 'm').exec(said.all)?.[1] ?? '';
}

test('npm start sets everything up, is known to doctor and export, stops whole, and starts again with what it had', async ({
  errors: _,
}) => {
  const env = { FLEET_DATA_DIR: join(folder, 'data'), PORT: String(await getPort({ host: '127.0.0.1' })) };
  const fleet = (...words: string[]) => runCommand(['npx', '--no', 'fleet', ...words], env);
  const start = async (use: (running: Command) => Promise<void>) => {
    const running = startCommand(['npm', 'start'], env);
    try {
      await running.says(/Stop +Ctrl-C/);
      await use(running);
    } finally {
      await running.end();
    }
  };

  await start(async (running) => {
    const url = lineOf(running, 'Open');
    expect(url).toBe(`http://127.0.0.1:${env.PORT}`);
    expect(lineOf(running, 'Data')).toContain(env.FLEET_DATA_DIR);
    const client = fleetClient({ url, cookie: await signIn(lineOf(running, 'Sign in')) });
    const { slug } = await client.orgs.create.mutate({ name: 'First' });
    const health = await fleet('doctor');
    for (const name of ['engine', 'worker', 'web']) expect(health).toContain(`✓ ${name} runs`);
    expect(health).toContain('it answers and is well');
    const log = join(folder, 'log.jsonl');
    await writeFile(log, await fleet('export', slug));
    expect(await fleet('verify', log)).toContain('nothing missing, nothing changed');
    running.signal('SIGTERM');
    expect(await running.ended, running.said.all).toMatchObject({ code: 0 });
    expect(running.said.all).toContain('Everything is kept');
    expect(await processesOf(folder)).toEqual([]);
  });

  await start(async (running) => {
    expect(running.said.all).not.toContain('building the web app');
    expect(lineOf(running, 'Sign in')).toContain('npx fleet owner-link');
    const cookie = await signIn((await fleet('owner-link')).trim());
    const client = fleetClient({ url: lineOf(running, 'Open'), cookie });
    expect((await client.orgs.list.query()).map(({ name }) => name)).toEqual(['First']);
    running.signal('SIGINT');
    expect(await running.ended, running.said.all).toMatchObject({ code: 0 });
    expect(await processesOf(folder)).toEqual([]);
  });
});
