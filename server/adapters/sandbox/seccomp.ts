/**
 * The second wall behind the namespaces: a seccomp program in the classic BPF form that bubblewrap loads. It matters most
 * where the host user is root, whose kernel id the sandbox then carries: no set-user-id bits on the host's disk, no
 * keyrings, no sockets that network namespaces do not cover (vsock), no namespaces inside namespaces.
 */
type Arch = { audit: number; call: Record<string, number>; x32: boolean };

const shared = {
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  fspick: 433,
  clone3: 435,
  openat2: 437,
  mount_setattr: 442,
  quotactl_fd: 443,
  fchmodat2: 452,
};

// prettier-ignore
const x64 = {
  ...shared, open: 2, ioctl: 16, socket: 41, clone: 56, creat: 85, chmod: 90, fchmod: 91, mknod: 133, pivot_root: 155,
  acct: 163, mount: 165, umount2: 166, swapon: 167, swapoff: 168, reboot: 169, init_module: 175, delete_module: 176,
  quotactl: 179, sched_setaffinity: 203, kexec_load: 246, add_key: 248, request_key: 249, keyctl: 250, openat: 257, mknodat: 259, fchmodat: 268,
  unshare: 272, perf_event_open: 298, name_to_handle_at: 303, open_by_handle_at: 304, setns: 308, finit_module: 313,
  kexec_file_load: 320, bpf: 321, userfaultfd: 323,
};

// prettier-ignore
const arm64 = {
  ...shared, ioctl: 29, mknodat: 33, umount2: 39, mount: 40, pivot_root: 41, fchmod: 52, fchmodat: 53, openat: 56,
  quotactl: 60, acct: 89, unshare: 97, kexec_load: 104, init_module: 105, delete_module: 106, sched_setaffinity: 122, reboot: 142, socket: 198,
  add_key: 217, request_key: 218, keyctl: 219, clone: 220, swapon: 224, swapoff: 225, perf_event_open: 241,
  name_to_handle_at: 264, open_by_handle_at: 265, setns: 268, finit_module: 273, bpf: 280, userfaultfd: 282,
  kexec_file_load: 294,
};

const arches: Record<string, Arch> = {
  x64: { audit: 0xc000003e, call: x64, x32: true },
  arm64: { audit: 0xc00000b7, call: arm64, x32: false },
};

/** Calls a libc falls back from, so they answer "no such call" instead of "not permitted". */
const missing = ['clone3', 'openat2', 'fchmodat2', 'io_uring_setup', 'io_uring_enter', 'io_uring_register'];

// prettier-ignore
const refused = [
  'mount', 'umount2', 'pivot_root', 'open_tree', 'move_mount', 'fsopen', 'fsconfig', 'fsmount', 'fspick', 'mount_setattr',
  'unshare', 'setns', 'keyctl', 'add_key', 'request_key', 'bpf', 'perf_event_open', 'userfaultfd', 'kexec_load',
  'kexec_file_load', 'init_module', 'finit_module', 'delete_module', 'swapon', 'swapoff', 'reboot', 'acct', 'quotactl',
  'quotactl_fd', 'name_to_handle_at', 'open_by_handle_at',
];

const namespaceFlags = 0x7e020000;
const setIdBits = 0o6000;
const createFlags = 0o100 | 0x400000; // O_CREAT, __O_TMPFILE: only then does open read its mode argument

/** Calls with a mode argument: which argument, and for `open` which one holds the flags. */
const modes: { name: string; mode: number; flags?: number }[] = [
  { name: 'chmod', mode: 1 },
  { name: 'fchmod', mode: 1 },
  { name: 'fchmodat', mode: 2 },
  { name: 'creat', mode: 1 },
  { name: 'mknod', mode: 1 },
  { name: 'mknodat', mode: 2 },
  { name: 'open', mode: 2, flags: 1 },
  { name: 'openat', mode: 3, flags: 2 },
];

const families = [1, 2, 10, 16]; // unix, inet, inet6, netlink: all bounded by the network namespace and the mounts
const terminalInput = [0x5412, 0x541c]; // TIOCSTI, TIOCLINUX

type Step = { code: number; k: number; jt?: number; jf?: number };
const load = (k: number): Step => ({ code: 0x20, k });
const equal = (k: number, jt: number, jf: number): Step => ({ code: 0x15, k, jt, jf });
const anyBit = (k: number, jt: number, jf: number): Step => ({ code: 0x45, k, jt, jf });
const argument = (index: number): Step => load(16 + 8 * index);
const give = (k: number): Step => ({ code: 0x06, k });

const allow = give(0x7fff0000);
const notPermitted = give(0x00050000 | 1);
const noSuchCall = give(0x00050000 | 38);

/** Steps that run only for call `number`; afterwards the call number is in the accumulator again. */
function onCall(number: number | undefined, steps: Step[]): Step[] {
  if (number === undefined) return [];
  return [equal(number, 0, steps.length + 1), ...steps, load(0)];
}

function modeSteps(rule: { mode: number; flags?: number }): Step[] {
  const check = [argument(rule.mode), anyBit(setIdBits, 0, 1), notPermitted];
  return rule.flags === undefined ? check : [argument(rule.flags), anyBit(createFlags, 0, check.length), ...check];
}

function program({ audit, call, x32 }: Arch, more: string[]): Step[] {
  return [
    load(4),
    equal(audit, 1, 0),
    noSuchCall,
    load(0),
    ...(x32 ? [anyBit(0x40000000, 0, 1), noSuchCall] : []),
    ...missing.flatMap((name) => onCall(call[name], [noSuchCall])),
    ...[...refused, ...more].flatMap((name) => onCall(call[name], [notPermitted])),
    ...onCall(call.clone, [argument(0), anyBit(namespaceFlags, 0, 1), notPermitted]),
    ...onCall(call.ioctl, [argument(1), ...terminalInput.flatMap((k) => [equal(k, 0, 1), notPermitted])]),
    ...onCall(call.socket, [argument(0), ...families.flatMap((k) => [equal(k, 0, 1), allow]), notPermitted]),
    ...modes.flatMap((rule) => onCall(call[rule.name], modeSteps(rule))),
    allow,
  ];
}

/** Whether there is a filter for this machine. */
export const hasFilter = process.arch in arches;

/**
 * The filter for a Node `process.arch`, as bytes for `bwrap --seccomp`; null where Fleet has no table for it. `pinned`: a
 * process may not choose its processors, because their number is what holds its share.
 */
export function seccompFilter(arch: string, { pinned = false } = {}): Uint8Array | null {
  const known = arches[arch];
  if (!known) return null;
  const steps = program(known, pinned ? ['sched_setaffinity'] : []);
  const bytes = Buffer.alloc(steps.length * 8);
  steps.forEach((step, i) => {
    bytes.writeUInt16LE(step.code, i * 8);
    bytes.writeUInt8(step.jt ?? 0, i * 8 + 2);
    bytes.writeUInt8(step.jf ?? 0, i * 8 + 3);
    bytes.writeUInt32LE(step.k >>> 0, i * 8 + 4);
  });
  return bytes;
}
