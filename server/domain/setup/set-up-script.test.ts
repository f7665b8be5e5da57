import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { ExecResult } from '../ports/sandbox.ts';
import { readTraced, tracedScript } from './set-up-script.ts';

const marker = '--- fleet mark';

/** Runs a traced script in a real bash. */
function run(commands: string, over: Partial<ExecResult> = {}) {
  const command = `exec 2>&1\n${tracedScript({ commands, marker })}`;
  const base = { tail: new Uint8Array(), droppedBytes: 0, durationMs: 5 };
  let exitCode = 0;
  let head: Uint8Array;
  try {
    head = execFileSync('bash', ['-c', command]);
  } catch (error) {
    const failed = error as { status: number; stdout: Buffer };
    [exitCode, head] = [failed.status, failed.stdout];
  }
  return readTraced({ result: { ...base, exitCode, ended: 'exited', head, ...over }, marker, what: 'Set-up' });
}

describe('a traced script', () => {
  it('that succeeds says each line before what it says', () => {
    const step = run('echo one\ntwo=$(echo two); echo "$two"');
    expect(step).toMatchObject({ result: 'passed', detail: 'Set-up succeeds.', line: null });
    expect(step.output).toContain('$ echo one\none\n');
    expect(step.output).toContain('$ echo "$two"\ntwo');
  });

  it.each([
    ['true\nfalse\necho never', 'false'],
    ['(cd / && ls /no/such/folder)\necho never', 'ls /no/such/folder'],
    ['make() { no-such-tool --now; }\nmake', 'no-such-tool --now'],
    ['cat /no/such | head -1\necho never', 'cat /no/such'],
    ["printf '%s\\n' 'a\nb' && false", 'false'],
  ])('stops at the first line that fails: %s', (commands, line) => {
    const step = run(commands);
    expect(step.result).toBe('failed');
    expect(step.detail).toMatch(/^Set-up ended with exit code \d+\.$/);
    expect(step.line === line || (line.startsWith('cat') && step.line === 'head -1')).toBe(true);
    expect(step.output).not.toContain('never');
  });

  it('that hangs names the line that was running', () => {
    const hung = run('echo one\nsleep 0', { ended: 'timed_out', exitCode: null, durationMs: 900_000 });
    expect(hung).toMatchObject({
      result: 'failed',
      detail: 'Set-up did not end within 15 minutes and was stopped.',
      line: 'sleep 0',
    });
    const over = run('echo one', { ended: 'killed', exitCode: null, exceeded: 'memoryBytes' });
    expect(over.detail).toBe('Set-up was cut off by its limit of memoryBytes.');
  });

  it('cannot be told a line by what it prints', () => {
    expect(run('echo hello\nfalse').line).toBe('false');
    expect(run('if [ -f /etc/passwd ]; then false; fi').line).toBe('false');
  });
});
