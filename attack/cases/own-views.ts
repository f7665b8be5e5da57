import type { Case } from '../case.ts';
import { python, shellCase, type SandboxPlace } from '../places/sandbox-place.ts';

/** What a sandbox sees and may write of its machine: each case is about one wall. */
export const ownViewCases: Case<SandboxPlace>[] = [
  shellCase({
    id: 'host-name',
    tries: 'learn and change the name of the host',
    command: `uname -n; cat /proc/sys/kernel/hostname; ${python('import socket\ntry: socket.sethostname("owned"); print("renamed")\nexcept OSError as e: print(e.strerror)')}`,
    answer: /^exited 0\nsandbox\nsandbox\nOperation not permitted\n$/u,
    // Each command's container has its own.
    onEngine: /^exited 0\n([0-9a-f]{12})\n\1\nOperation not permitted\n$/u,
    twin: { does: 'know its system', command: 'uname -s', answer: /^exited 0\nLinux\n$/u },
  }),
  shellCase({
    id: 'control-group-path',
    tries: 'learn where the host has put it among its control groups',
    command: 'cut -d: -f3 /proc/self/cgroup | sort -u',
    answer: /^exited 0\n\/\n$/u,
    // Engines differ: here is what says that it is in a container, and in which.
    onEngine: /^exited 0\n(?:\/|\/libpod_parent\/libpod-[0-9a-f]{64})\n$/u,
    twin: { does: 'see that it is in some', command: 'grep -c : /proc/self/cgroup', answer: /^exited 0\n[1-9]\d*\n$/u },
  }),
  shellCase({
    id: 'root-folder',
    tries: 'put files beside the system folders, where commands look for settings',
    command:
      'mkdir /planted 2>&1 && echo made; echo x 2>&1 > /.bashrc && echo wrote; ls -d /planted /.bashrc; echo end',
    answer: /^exited 0\n(?!(?:[^]*\n)?(?:made|wrote)\n)[^]*(?:Read-only|Permission denied)[^]*\nend\n$/u,
    twin: {
      does: 'make folders in its work folder',
      command: 'mkdir planted && ls -d planted',
      answer: /^exited 0\nplanted\n$/u,
    },
  }),
  shellCase({
    // Asked, not tried: without this wall it would change the machine.
    id: 'writable-system',
    tries: 'find a system folder that can be written',
    command:
      'for d in /usr /usr/bin /usr/lib /usr/local/bin; do test -w $d && echo "$d can be written"; done; awk \'$5 == "/usr" { print $6 }\' /proc/self/mountinfo | cut -d, -f1; echo end',
    answer: /^exited 0\n(?:ro\n)?end\n$/u,
    twin: { does: 'write its home', command: 'test -w ~ && echo writes', answer: /^exited 0\nwrites\n$/u },
  }),
  shellCase({
    id: 'host-settings',
    tries: 'read the settings and the users of the host',
    command:
      'ls /etc/hostname /etc/machine-id /etc/shadow /etc/fstab /etc/resolv.conf /etc/ssh 2>/dev/null; cut -d: -f1 /etc/passwd | sort | tr "\\n" " "',
    answer: /^exited 0\nagent nobody root $/u,
    // The engine's own, which names the container.
    onEngine: /^exited 0\n(?:\/etc\/hostname\n)?agent nobody root $/u,
    twin: {
      does: 'look up itself and its own loopback',
      command: 'id -un; getent hosts localhost | wc -l',
      answer: /^exited 0\nagent\n[1-9]\n$/u,
    },
  }),
  shellCase({
    // Opened, not written.
    id: 'kernel-files',
    tries: 'open for writing what /proc shows of the kernel',
    command: python(`
import os
opened = []
for top in sorted(os.listdir("/proc")):
  if top.isdigit() or os.path.islink("/proc/" + top): continue
  for folder, _, names in [("/proc", [], [top])] if os.path.isfile("/proc/" + top) else os.walk("/proc/" + top):
    for name in names:
      try: os.close(os.open(folder + "/" + name, os.O_WRONLY | os.O_NONBLOCK)); opened.append(folder + "/" + name)
      except OSError: pass
print("opened", len(opened), *opened[:5])
`),
    answer: /^exited 0\nopened 0\n$/u,
    // Everybody may ask there to be told of pressure; nothing is changed by it.
    onEngine: /^exited 0\nopened (?:0|3(?: \/proc\/pressure\/(?:io|cpu|memory)){3})\n$/u,
    twin: {
      does: 'read it',
      command: 'cut -d" " -f1 /proc/version',
      answer: /^exited 0\nLinux\n$/u,
    },
  }),
];
