import { localSandbox } from './local.ts';

/** A worker that has sandboxes running when it is killed; says `up` once they are. */
const [, , dataDir = '', tree = '', marker = ''] = process.argv;
const port = localSandbox({ dataDir });
const limits = { processes: 64, fileBytes: 2 ** 20, memoryBytes: 2 ** 29, diskBytes: 2 ** 30, cpus: 4 };
const signal = new AbortController().signal;
let up = 0;

for (const writable of [true, false]) {
  const sandbox = await port.open({ id: `run_${writable}`, tree, writable, limits });
  void sandbox.exec({
    command: `setsid sleep ${marker} & echo up; sleep ${marker}`,
    timeoutMs: 600_000,
    maxOutputBytes: 100,
    signal,
    onOutput: () => {
      up += 1;
      if (up === 2) process.stdout.write('up\n');
    },
  });
}
