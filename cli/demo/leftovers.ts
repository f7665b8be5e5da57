import { readdir, readFile } from 'node:fs/promises';

/** Processes whose arguments or environment name `folder`, one line each. */
export async function processesOf(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '');
      const [args, env] = await Promise.all([read('cmdline'), read('environ')]);
      return args.includes(folder) || env.includes(folder) ? [`${pid} ${args.replaceAll('\0', ' ')}`] : [];
    }),
  );
  return found.flat();
}

/** Mounts below `folder` that this process sees, one line each. */
export async function mountsOf(folder: string): Promise<string[]> {
  const table = await readFile('/proc/self/mountinfo', 'utf8');
  return table.split('\n').filter((line) => line.includes(folder));
}
