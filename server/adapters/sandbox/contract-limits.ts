import { expect, test } from 'vitest';
import type { SandboxLimits } from '../../domain/ports/sandbox.ts';
import { generous, runIn, type Bench } from './contract-bench.ts';

/** Which limits a provider names when a command went over them. */
export type Tells = readonly (keyof SandboxLimits)[];

/** Hard limits: each holds, by what `health.limits` says, and a command that went over one says which, if any can tell. */
export function limitContract(bench: () => Bench, tells: Tells): void {
  test('of 100 MB the first and last half of the cap are kept, the rest is counted', async () => {
    const before = process.memoryUsage().rss;
    let seen = 0;
    const result = await bench().sandbox.exec({
      command: 'echo first; head -c 100000000 /dev/zero; echo; echo last',
      timeoutMs: 60_000,
      maxOutputBytes: 1000,
      signal: new AbortController().signal,
      onOutput: (chunk) => (seen += chunk.length),
    });
    expect(result).toMatchObject({ exitCode: 0, droppedBytes: seen - 1000 });
    expect(seen).toBe(100_000_012);
    expect(Buffer.from(result.head.subarray(0, 6)).toString()).toBe('first\n');
    expect(Buffer.from(result.tail.subarray(-5)).toString()).toBe('last\n');
    expect(process.memoryUsage().rss - before).toBeLessThan(90 * 2 ** 20);
  });

  test('bytes that are no text come as they are', async () => {
    expect((await bench().run(`printf 'a\\0b\\xff\\xfe\\x1b[2J'`)).text).toBe('a\0b\xff\xfe\x1b[2J');
  });

  test('a file may not grow without end', async () => {
    const result = await bench().run('head -c 200000000 /dev/zero > big; s=$?; rm big; exit $s');
    expect(result).toMatchObject({ ended: 'exited', exceeded: 'fileBytes' });
    expect(result.code).not.toBe(0);
    expect(await bench().run('head -c 1000 /dev/zero > small; rm small')).not.toHaveProperty('exceeded');
  });

  test('files can be held open by the thousand, but not without end', async () => {
    const { text } = await bench().run('ulimit -Hn; ulimit -n 100000 2>/dev/null; ulimit -n');
    expect(text).toMatch(/^(\d{4})\n\1\n$/u);
    expect(Number(text.slice(0, 4))).toBeLessThanOrEqual(8192);
  });

  test('temporary folders are bounded too', async () => {
    const { text } = await bench().run('for f in /tmp /dev/shm ~; do df -B1 --output=size $f | tail -1; done');
    for (const size of text.trim().split('\n')) expect(Number(size)).toBeLessThanOrEqual(2 ** 29);
  });

  bombContract(bench, tells);
  roomContract(bench);
}

function bombContract(bench: () => Bench, tells: Tells): void {
  test('a fork bomb ends with its command and harms nobody', async () => {
    const { processes: holder } = (await bench().port.probe()).limits;
    if (holder === null) return;
    const { text, ended, exceeded } = await bench().run(`python3 - <<'END'
import os, time
made = 0
try:
    for _ in range(500):
        if os.fork() == 0: time.sleep(60)
        made += 1
except OSError: pass
time.sleep(${holder === 'watchdog' ? 20 : 0})
print(made)
END`);
    if (tells.includes('processes') && holder !== 'rlimit') expect(exceeded).toBe('processes');
    if (holder === 'watchdog') expect(ended).toBe('killed');
    else {
      expect(Number(text)).toBeGreaterThan(10);
      expect(Number(text)).toBeLessThan(100);
    }
    expect(await bench().run('echo alive')).toMatchObject({ text: 'alive\n' });
  });

  test('memory is bounded', async () => {
    const { memoryBytes: holder } = (await bench().port.probe()).limits;
    const { code, ended, exceeded } = await bench().run('python3 -c "x = bytearray(3 * 2**30); print(len(x))"');
    expect(code === 0 && ended === 'exited').toBe(false);
    if (tells.includes('memoryBytes') && holder !== 'rlimit') expect(exceeded).toBe('memoryBytes');
    const next = await bench().run('echo alive');
    expect(next.text).toBe('alive\n');
    expect(next).not.toHaveProperty('exceeded');
  });
}

function roomContract(bench: () => Bench): void {
  test('many files are held too: all is stopped, and what is too much can be removed', async () => {
    const sandbox = await bench().open({ limits: { ...generous, diskBytes: 32 * 2 ** 20 } });
    // A folder that nobody can list counts as well.
    const fill =
      'mkdir -m 300 hidden; for i in $(seq 40); do head -c 4000000 /dev/zero > hidden/fill$i; done; echo full; sleep 60';
    const filled = await runIn(sandbox, fill, { timeoutMs: 90_000 });
    expect(filled).toMatchObject({ ended: 'killed', exceeded: 'diskBytes' });
    expect(await runIn(sandbox, 'chmod 700 hidden; rm -r hidden; echo removed')).toMatchObject({
      code: 0,
      text: 'removed\n',
    });
    expect(await runIn(sandbox, 'head -c 1000000 /dev/zero > some; sleep 1; rm some')).toMatchObject({ code: 0 });
    await sandbox.dispose();
  });

  test('processors are shared out by time', async () => {
    const { cpus: holder } = (await bench().port.probe()).limits;
    if (holder === null) return;
    const sandbox = await bench().open({ limits: { ...generous, cpus: 0.5 } });
    const { text } = await runIn(
      sandbox,
      `python3 - <<'END'
import os, resource, time
begin = time.monotonic()
for _ in range(3):
    if os.fork() == 0:
        while time.monotonic() < begin + 2: pass
        os._exit(0)
for _ in range(3): os.wait()
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print((used.ru_utime + used.ru_stime) / (time.monotonic() - begin))
try: os.sched_setaffinity(0, range(os.cpu_count()))
except PermissionError: print('pinned')
END`,
    );
    const [share, pinned] = text.trim().split('\n');
    expect(Number(share)).toBeGreaterThan(0);
    expect(Number(share)).toBeLessThan(1.3 * (holder === 'affinity' ? 1 : 0.5));
    if (holder === 'affinity') expect(pinned).toBe('pinned');
    await sandbox.dispose();
  });
}
