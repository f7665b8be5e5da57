import { describe, expect, test } from 'vitest';
import { seccompFilter } from './seccomp.ts';

const allowed = 0x7fff0000;
const notPermitted = 0x00050001;
const noSuchCall = 0x00050026;
const x64 = 0xc000003e;
const arm64 = 0xc00000b7;

type Call = { arch: number; number: number; args?: number[] };

/** Runs classic BPF as the kernel does, over the seccomp data of one call. */
function judge(filter: Uint8Array, { arch, number, args = [] }: Call): number {
  const data = new Map([[0, number], [4, arch], ...args.map((value, i): [number, number] => [16 + 8 * i, value])]);
  const program = Buffer.from(filter);
  let accumulator = 0;
  for (let at = 0; ; at += 1) {
    const code = program.readUInt16LE(at * 8);
    const [yes, no] = [program.readUInt8(at * 8 + 2), program.readUInt8(at * 8 + 3)];
    const k = program.readUInt32LE(at * 8 + 4);
    if (code === 0x06) return k;
    if (code === 0x20) accumulator = data.get(k) ?? 0;
    else if (code === 0x15) at += accumulator === k ? yes : no;
    else if (code === 0x45) at += (accumulator & k) !== 0 ? yes : no;
    else throw new Error(`unknown instruction ${code}`);
  }
}

const filter = seccompFilter('x64')!;
const call = (number: number, ...args: number[]) => judge(filter, { arch: x64, number, args });

describe('system calls on x64', () => {
  test.each([
    ['read', 0, []],
    ['open for reading with rubbish as mode', 2, [0, 0, 0o4755]],
    ['open that creates', 2, [0, 0o101, 0o644]],
    ['openat that creates', 257, [0, 0, 0o101, 0o755]],
    ['chmod', 90, [0, 0o755]],
    ['fork by clone', 56, [0x01200011]],
    ['a thread by clone', 56, [0x3d0f00]],
    ['inet socket', 41, [2, 1, 0]],
    ['unix socket', 41, [1, 1, 0]],
    ['netlink socket', 41, [16, 3, 0]],
    ['ioctl of a terminal size', 16, [1, 0x5413]],
    ['execve', 59, []],
    ['the highest call there is', 0x3fffffff, []],
  ])('%s passes', (_, number, args) => expect(call(number, ...args)).toBe(allowed));

  test.each([
    ['mount', 165, []],
    ['unshare', 272, [0]],
    ['setns', 308, []],
    ['clone into a user namespace', 56, [0x10000011]],
    ['clone into a mount namespace', 56, [0x00020011]],
    ['set-user-id by chmod', 90, [0, 0o4755]],
    ['set-group-id by fchmod', 91, [3, 0o2755]],
    ['set-user-id by fchmodat', 268, [0, 0, 0o6755]],
    ['set-user-id by open', 2, [0, 0o101, 0o4755]],
    ['set-user-id by openat', 257, [0, 0, 0o101, 0o4755]],
    ['set-user-id by a nameless file', 257, [0, 0, 0o20200001, 0o4755]],
    ['set-user-id by creat', 85, [0, 0o4755]],
    ['set-user-id by mknod', 133, [0, 0o104755]],
    ['vsock', 41, [40, 1, 0]],
    ['crypto socket', 41, [38, 5, 0]],
    ['packet socket', 41, [17, 3, 0]],
    ['keyctl', 250, []],
    ['bpf', 321, []],
    ['typing into a terminal', 16, [0, 0x5412]],
  ])('%s is not permitted', (_, number, args) => expect(call(number, ...args)).toBe(notPermitted));

  test.each([
    ['clone3', 435],
    ['openat2', 437],
    ['fchmodat2', 452],
    ['io_uring_setup', 425],
    ['any call of the x32 table', 0x40000000 | 90],
  ])('%s does not exist', (_, number) => expect(call(number)).toBe(noSuchCall));
});

test('another architecture’s calls do not exist, so that no number means something else', () => {
  expect(judge(filter, { arch: 0x40000003, number: 0 })).toBe(noSuchCall);
});

test('arm64 has its own numbers', () => {
  const other = seccompFilter('arm64')!;
  const on = (number: number, ...args: number[]) => judge(other, { arch: arm64, number, args });
  expect([on(63), on(56, 0, 0, 0o101, 0o644), on(198, 2)]).toEqual([allowed, allowed, allowed]);
  expect([on(40), on(97), on(53, 0, 0, 0o4755), on(198, 40)]).toEqual(Array(4).fill(notPermitted));
  expect(on(435)).toBe(noSuchCall);
});

test('an unknown machine has no filter', () => {
  expect(seccompFilter('riscv64')).toBeNull();
});

test('where the number of processors holds its share, a process may not choose them', () => {
  const pinned = seccompFilter('x64', { pinned: true })!;
  expect(judge(pinned, { arch: x64, number: 203 })).toBe(notPermitted);
  expect(judge(seccompFilter('arm64', { pinned: true })!, { arch: arm64, number: 122 })).toBe(notPermitted);
  expect(call(203)).toBe(allowed);
});
