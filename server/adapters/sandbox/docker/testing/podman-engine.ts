import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import getPort from 'get-port';
import { processEnvironment } from '../../../../config/config.ts';
import { importHostImage } from '../engine-image.ts';
import { openEngine, type EngineAddress } from '../engine.ts';

export type TestEngine = { address: EngineAddress; image: string; stop(): Promise<void> };

/** Kept between test runs, so that an image is imported once; nothing of a developer's own Podman is touched. */
const home = resolve('.cache/test-podman');

/** Locks in files and folders of its own: Podman's usual places belong to the machine's owner. */
const settings = (folder: string) => `[containers]
default_ulimits = []
[engine]
cgroup_manager = "cgroupfs"
events_logger = "none"
lock_type = "file"
runtime = "runc"
tmp_dir = "${join(folder, 'tmp')}"
volume_path = "${join(folder, 'volumes')}"
network_cmd_options = []
`;

const missing =
  'The tests of the container provider run on a real Podman, and it is not installed: apt-get install -y podman runc';

/** A real Podman that answers Docker's API on a free port of loopback, with the sandbox image in it. */
export async function podmanEngine(): Promise<TestEngine> {
  if (spawnSync('podman', ['--version']).error) throw new Error(missing);
  for (const name of ['root', 'run', 'tmp', 'volumes']) mkdirSync(join(home, name), { recursive: true });
  const conf = join(home, 'containers.conf');
  writeFileSync(conf, settings(home));
  const port = await getPort({ host: '127.0.0.1' });
  const url = `tcp://127.0.0.1:${port}`;
  const places = ['--root', join(home, 'root'), '--runroot', join(home, 'run')];
  const args = [...places, '--log-level', 'error', 'system', 'service', '--time=0', url];
  const env = { ...processEnvironment(), CONTAINERS_CONF: conf } as unknown as NodeJS.ProcessEnv;
  // Its monitors write where they stand.
  const child = spawn('podman', args, { env, cwd: home, stdio: ['ignore', 'ignore', 'pipe'] });
  const words = { text: '' };
  child.stderr.on('data', (chunk: Buffer) => (words.text = (words.text + String(chunk)).slice(-4000)));
  const address = { name: 'test-podman', url, tls: null };
  try {
    await answers(child, url, words);
    const { id } = await importHostImage(openEngine(address), { withCompilers: false });
    return { address, image: id, stop: () => end(child) };
  } catch (error) {
    await end(child);
    throw error;
  }
}

async function answers(child: ChildProcess, url: string, words: { text: string }): Promise<void> {
  for (let look = 0; look < 600; look += 1) {
    if (child.exitCode !== null) throw new Error(`podman ended: ${words.text}`);
    const answer = await fetch(`${url.replace('tcp:', 'http:')}/_ping`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`podman does not answer: ${words.text}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('close', done));
  child.kill('SIGTERM');
  await ended;
}
