import type { Case } from '../case.ts';
import { python, shellCase, tryIn, type SandboxPlace } from '../places/sandbox-place.ts';

const refused =
  /E(?:PERM|ACCES|NOSYS|INVAL|ROFS)|not permitted|Permission denied|Read-only|Function not implemented|No such/u;

const calls = (names: string[]) =>
  python(`
import ctypes, errno, os
libc = ctypes.CDLL(None, use_errno=True)
numbers = {"x86_64": dict(bpf=321, userfaultfd=323, keyctl=250, add_key=248, perf_event_open=298, io_uring_setup=425, kexec_load=246, init_module=175, open_tree=428, fsopen=430, quotactl=179, name_to_handle_at=303, open_by_handle_at=304, clone3=435, acct=163, setns=308, unshare=272, pivot_root=155, swapon=167, reboot=169),
  "aarch64": dict(bpf=280, userfaultfd=282, keyctl=219, add_key=217, perf_event_open=241, io_uring_setup=425, kexec_load=104, init_module=105, open_tree=428, fsopen=430, quotactl=60, name_to_handle_at=264, open_by_handle_at=265, clone3=435, acct=89, setns=268, unshare=97, pivot_root=41, swapon=224, reboot=142)}[os.uname().machine]
for name in ${JSON.stringify(names)}:
  ctypes.set_errno(0)
  got = libc.syscall(numbers[name], 0, 0, 0, 0, 0)
  code = errno.errorcode.get(ctypes.get_errno(), "none")
  print(name, "went well" if got >= 0 else code)
`);

/** Every line of the answer names a call and one of these errors. */
const allRefused = /^exited 0\n(?:\S+ E(?:PERM|NOSYS|ACCES)\n)+$/u;

/** Ways up: privileges, namespaces, mounts, the kernel's own doors. */
export const kernelCases: Case<SandboxPlace>[] = [
  shellCase({
    id: 'capabilities',
    tries: 'find a capability, or a call that is not filtered',
    command: 'grep -E "^(Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp):" /proc/self/status | cut -f2 | tr "\\n" " "',
    answer: /^exited 0\n(?:0{16} ){5}1 2 $/u,
    twin: { does: 'read its own status', command: 'grep -c ^Name: /proc/self/status', answer: /^exited 0\n1\n$/u },
  }),
  shellCase({
    id: 'set-user-id-programs',
    perilous: true,
    tries: 'become root with the system’s own programs',
    command:
      'echo | su root -c id; sudo -n id; echo | passwd root; newgrp root </dev/null; id -u; mount -t tmpfs x /tmp; echo end',
    answer: /\n[1-9]\d*\n[^]*\nend\n$/u,
    twin: { does: 'know who it is', command: 'id -un', answer: /^exited 0\n(?:agent|root|nobody)\n$/u },
  }),
  shellCase({
    id: 'namespaces',
    perilous: true,
    tries: 'make namespaces of its own',
    command:
      'for f in -U -Ur -Urm -n -p -i; do unshare $f true 2>&1; done; bwrap --ro-bind / / true 2>&1; unshare -Urm mount -t tmpfs x /tmp && echo mounted; echo end',
    answer: /^exited 0\n(?!mounted)(?:.*(?:not permitted|failed|denied|setting up|No permissions).*\n)+end\n$/u,
    onEngine: /^exited 0\n(?!mounted)(?:.*(?:not permitted|failed|denied|command not found).*\n)+end\n$/u,
    twin: { does: 'make processes', command: '(true) && bash -c "exit 3"; echo $?', answer: /^exited 0\n3\n$/u },
  }),
  shellCase({
    id: 'clone-flags',
    tries: 'make a user namespace by the bare call',
    command: python(`
import ctypes, errno, os
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
for flag in (0x10000000, 0x20000000, 0x40000000, 0x00020000, 0x02000000):
  got = libc.syscall(number, flag | 17, 0, 0, 0, 0)
  if got == 0: os._exit(0)
  print(hex(flag), "went well" if got > 0 else errno.errorcode[ctypes.get_errno()])
`),
    answer: allRefused,
    twin: {
      does: 'fork',
      command: python('import os\npid = os.fork()\nif pid == 0: os._exit(7)\nprint(os.waitpid(pid, 0)[1] >> 8)'),
      answer: /^exited 0\n7\n$/u,
    },
  }),
  shellCase({
    id: 'mounts',
    perilous: true,
    tries: 'mount, unmount, change the root',
    command:
      'mount -t tmpfs x /tmp 2>&1; mount --bind / /tmp 2>&1; mount -o remount,rw / 2>&1; mount -o remount,rw /usr 2>&1; umount -l /proc 2>&1; umount -l /etc 2>&1; chroot / true 2>&1; pivot_root . . 2>&1; echo end',
    answer: /^exited 0\n(?:.*(?:not permitted|denied|must be superuser|not in|failed|not found).*\n)+end\n$/u,
    onEngine:
      /^exited 0\n(?:.*(?:not permitted|denied|must be superuser|not in|failed|not found|not mounted|dmesg).*\n)+end\n$/u,
    twin: {
      does: 'write the folders it has',
      command: 'echo a > /tmp/a && echo b > ~/b && cat /tmp/a ~/b',
      answer: /^exited 0\na\nb\n$/u,
    },
  }),
  shellCase({
    id: 'kernel-calls',
    perilous: true,
    tries: 'use the kernel’s dangerous calls',
    command: calls([
      'bpf',
      'userfaultfd',
      'keyctl',
      'add_key',
      'perf_event_open',
      'io_uring_setup',
      'kexec_load',
      'init_module',
      'open_tree',
      'fsopen',
      'quotactl',
      'open_by_handle_at',
      'clone3',
      'acct',
      'setns',
      'unshare',
      'pivot_root',
      'swapon',
      'reboot',
    ]),
    answer: allRefused,
    twin: {
      does: 'make threads and use a poller',
      command: python(
        'import threading, select\nt = threading.Thread(target=print, args=("thread",)); t.start(); t.join(); select.epoll(); print("epoll")',
      ),
      answer: /^exited 0\nthread\nepoll\n$/u,
    },
  }),
  shellCase({
    id: 'other-architecture',
    tries: 'get past the filter through the 32-bit door',
    command: python(`
import ctypes, mmap, os
if os.uname().machine != "x86_64": print("refused"); raise SystemExit
# mov eax, 20 (getpid of i386); int 0x80; ret
code = bytes.fromhex("b814000000cd80c3")
area = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
area.write(code)
got = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(area)))()
libc = ctypes.CDLL(None, use_errno=True)
x32 = libc.syscall(0x40000000 + 39)
print("refused" if got < 0 and x32 < 0 else ("went well", got, x32))
`),
    answer: /^exited 0\nrefused\n$|Segmentation|exited 139|exited 159/u,
    twin: {
      does: 'run code it made',
      command: python('import ctypes\nprint(ctypes.CDLL(None).abs(-3))'),
      answer: /^exited 0\n3\n$/u,
    },
  }),
  shellCase({
    id: 'kernel-settings',
    perilous: true,
    tries: 'change the running kernel',
    command:
      'echo "|/work/x" > /proc/sys/kernel/core_pattern; echo x > /proc/sys/kernel/modprobe; echo b > /proc/sysrq-trigger; echo 1 > /proc/sys/vm/drop_caches; echo x > /proc/sys/kernel/hostname; echo -1000 > /proc/self/oom_score_adj; echo /work/x > /sys/fs/cgroup/release_agent; mkdir /sys/fs/cgroup/x; hostname owned; date -s 2000-01-01; echo end',
    answer: /^exited 0\n(?:.*(?:Read-only|denied|not permitted|No such|you must be root|cannot).*\n)+(?:.*\n)?end\n$/u,
    twin: {
      does: 'read kernel settings',
      command: 'cat /proc/sys/kernel/ostype; uname -s',
      answer: /^exited 0\nLinux\nLinux\n$/u,
    },
  }),
  shellCase({
    id: 'file-handles',
    tries: 'open files by handle, past every path',
    command: python(`
import ctypes, errno, os, struct
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": (303, 304), "aarch64": (264, 265)}[os.uname().machine]
handle = ctypes.create_string_buffer(struct.pack("Ii", 128, 0) + bytes(128)); mount = ctypes.c_int()
print("name", "went well" if libc.syscall(number[0], -100, b"/work", handle, ctypes.byref(mount), 0) == 0 else errno.errorcode[ctypes.get_errno()])
root = ctypes.create_string_buffer(struct.pack("Ii", 8, 1) + struct.pack("II", 2, 0) + bytes(120))
print("open", "went well" if libc.syscall(number[1], os.open("/work", os.O_RDONLY), root, 0) >= 0 else errno.errorcode[ctypes.get_errno()])
`),
    answer: allRefused,
    twin: {
      does: 'open files by descriptor',
      command: python(
        'import os\nopen("f", "w").write("mine")\nd = os.open(".", os.O_RDONLY)\nprint(os.read(os.open("f", os.O_RDONLY, dir_fd=d), 9).decode())',
      ),
      answer: /^exited 0\nmine\n$/u,
    },
  }),
  shellCase({
    id: 'core-dump',
    perilous: true,
    tries: 'have the host’s crash handler write a file',
    command: 'ulimit -c unlimited; bash -c "kill -SEGV \\$\\$"; ls; echo end',
    answer: new RegExp(`(?:${refused.source})[^]*\\nend\\n$`, 'u'),
    twin: { does: 'see a crash', command: 'bash -c "kill -SEGV \\$\\$"; echo $?', answer: /\n139\n$/u },
  }),
  shellCase({
    id: 'terminal',
    tries: 'type into the host’s terminal',
    command: python(`
import fcntl, os, termios
session = os.getsid(0)
${tryIn('tty', 'fd = os.open("/dev/tty", os.O_RDWR)')}
${tryIn('keystroke', 'm, s = os.openpty(); os.setsid() if os.getsid(0) != os.getpid() and os.getpid() != os.getpgid(0) else None; fcntl.ioctl(s, termios.TIOCSCTTY, 0); fcntl.ioctl(s, termios.TIOCSTI, b"x")')}
print("session", "own" if session > 0 else "of the host")
`),
    answer: /^exited 0\ntty E(?:NXIO|ACCES|NOENT)\nkeystroke E(?:PERM|IO)\nsession own\n$/u,
    twin: {
      does: 'use a terminal of its own',
      command: python(
        'import os\nm, s = os.openpty(); os.write(s, b"hi"); print(os.read(m, 2).decode(), os.isatty(s))',
      ),
      answer: /^exited 0\nhi True\n$/u,
    },
  }),
];
