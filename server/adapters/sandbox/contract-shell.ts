import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Sandbox } from '../../domain/ports/sandbox.ts';
import { putIn, runIn, type Bench } from './contract-bench.ts';

const signal = new AbortController().signal;

/** What one command leaves to the next, and to nobody else. */
export function shellContract(bench: () => Bench): void {
  const kept = async () => {
    const sandbox = await bench().open({ env: { FROM_SPEC: "it's here\n2" } });
    return { sandbox, run: (command: string) => runIn(sandbox, command, { shell: 'kept' }) };
  };
  stateContract(kept);
  poisonContract(kept);
}

type Kept = () => Promise<{ sandbox: Sandbox; run(command: string): ReturnType<typeof runIn> }>;

function stateContract(kept: Kept): void {
  test('folder and exported variables survive, also a failure and an exit', async () => {
    const { run } = await kept();
    await run(`mkdir -p "in here"; cd "in here"; export A=1 B=$'two\\nlines "and" \\'quotes\\' $x \\\\'; C=3; exit 4`);
    expect((await run('pwd; printf "%s|" "$A" "$B" "$C"; false')).text).toBe(
      `/work/in here\n1|two\nlines "and" 'quotes' $x \\||`,
    );
    expect((await run('cd ..; unset A; cd - >/dev/null; echo "[$A]"')).text).toBe('[]\n');
    expect((await run('pwd; echo "[$A]"; cat <&0')).text).toBe('/work/in here\n[]\n');
  });

  test('the exit code stays the command’s own', async () => {
    const { run } = await kept();
    expect((await run('exit 7')).code).toBe(7);
    expect((await run('kill -9 $$')).code).toBe(137);
    expect((await run('set -euo pipefail; cd /tmp; false; echo no')).code).toBe(1);
    expect((await run('pwd')).text).toBe('/tmp\n');
  });

  test('a folder that is gone is said, and the command starts in /work', async () => {
    const { run } = await kept();
    await run('mkdir /tmp/x; cd /tmp/x');
    expect((await run('pwd')).text).toBe('The folder /tmp/x is gone: this command starts in /work.\n/work\n');
  });

  test('variables of the sandbox are there in every command, and can be changed or taken away', async () => {
    const { sandbox, run } = await kept();
    expect((await runIn(sandbox, 'echo "$FROM_SPEC"')).text).toBe("it's here\n2\n");
    await run('export FROM_SPEC=changed; unset LANG');
    expect((await run('echo "$FROM_SPEC[$LANG]"')).text).toBe('changed[]\n');
    expect((await runIn(sandbox, 'echo "$FROM_SPEC[$LANG]"; pwd; echo "[$A]"')).text).toContain("it's here");
  });

  test('what is forged or left half is no state', async () => {
    const { run } = await kept();
    await run('cd /tmp; export A=1');
    await run('echo garbage >&5; export A=2');
    expect((await run('pwd; echo $A')).text).toBe('/tmp\n1\n');
    await run('export A=$(head -c 100000 /dev/zero | tr "\\0" x); export B=$A C=$A; echo ${#C}');
    expect((await run('echo ${#A}; exec echo gone')).text).toBe('1\ngone\n');
  });
}

function poisonContract(kept: Kept): void {
  test('a poisoned shell stays in its own commands: no limit is lifted, no file tool sees it', async () => {
    const { sandbox, run } = await kept();
    const limits = (await run('ulimit -f; ulimit -u; ulimit -c')).text;
    await putIn(sandbox, 'evil.sh', 'echo poisoned > /work/poisoned; ulimit() { :; }\n');
    await putIn(sandbox, 'plain', 'plain');
    await run(
      'mkdir -p bin; for t in cat stat head find realpath rm mv chmod ulimit; do printf "#!/bin/sh\\necho poisoned\\n" > bin/$t; chmod +x bin/$t; done\n' +
        'export PATH=/work/bin BASH_ENV=/work/evil.sh ENV=/work/evil.sh LD_PRELOAD=/work/evil.so IFS=x PS4=y SHELLOPTS\n' +
        'ulimit() { echo poisoned; }; cd() { echo poisoned; }; eval() { echo poisoned; }; export -f ulimit cd eval',
    );
    expect((await run('builtin ulimit -f; builtin ulimit -u; builtin ulimit -c')).text).toBe(limits);
    expect(await sandbox.read('plain', { maxBytes: 100, signal })).toMatchObject({ kind: 'file', size: 5 });
    const written = await sandbox.write('made', Buffer.from('made'), { mode: 'create', signal });
    expect(written).toEqual({ kind: 'written' });
    expect(await readFile(join(await sandbox.snapshot(), 'made'), 'utf8')).toBe('made');
    expect((await runIn(sandbox, 'type -t cd; echo $PATH; cat poisoned')).text).toMatch(
      /^builtin\n\/opt[^\n]*\ncat: /u,
    );
  });
}
