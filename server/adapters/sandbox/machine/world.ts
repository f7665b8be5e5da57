import { confined } from '../docker/confine.ts';
import type { SandboxMount } from '../../../domain/ports/sandbox.ts';

/** What a machine is, as far as its worlds depend on it. `arch` as `uname -m` says it. */
export type MachineGround = { arch: string; env: Record<string, string> };

const net = '/run/fleet/net';

/** Makes, as root, the work tree's folder and the network that all worlds share: a loopback and nothing else. */
export const prepareScript = [
  'set -e',
  'for tool in unshare nsenter setpriv perl tar find du git python3; do',
  '  command -v $tool >/dev/null || { echo "it has no $tool" >&2; exit 1; }',
  'done',
  'mkdir -p /work /run/fleet && chown 1000:1000 /work && chmod 755 /work',
  `: > ${net}`,
  `unshare --net=${net} python3 -I -c "import fcntl,socket,struct; fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh22x', b'lo', 0x49))"`,
  'uname -m; nproc',
].join('\n');

/** Private places, then no way back to being root. The rest of the file system is root's, and only read. */
const inside = `
import ctypes, os, signal, sys
mount = ctypes.CDLL(None, use_errno=True).mount
for path, mode in (('/tmp', '1777'), ('/var/tmp', '1777'), ('/run', '755'), ('/home', '755'), ('/root', '700'), ('/mnt', '755'), ('/dev/shm', '1777')):
    if not os.path.isdir(path) or os.path.islink(path): continue
    if mount(b'tmpfs', path.encode(), b'tmpfs', 6, b'size=512m,mode=' + mode.encode()) != 0:
        sys.exit('no private ' + path + ': ' + os.strerror(ctypes.get_errno()))
# Python does not mind these two, and what it starts would not either.
for number in (signal.SIGPIPE, signal.SIGXFSZ): signal.signal(number, signal.SIG_DFL)
os.mkdir('/home/agent'); os.chmod('/home/agent', 0o777); os.chdir('/work')
drop = ['--reuid=1000', '--regid=1000', '--clear-groups', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', '--pdeathsig=KILL']
os.execvp('setpriv', ['setpriv', *drop, '--', *sys.argv[1:]])
`;

/** A program in a world of its own: user 1000 without rights, processes and scratch places that end with it. */
export function worldProgram(program: string[], { arch, env }: MachineGround): string[] | null {
  const command = confined(program, { arch, env });
  if (command === null) return null;
  const spaces = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--ipc', '--uts', '--cgroup'];
  const shell = ['python3', '-I', '-c', inside, ...command];
  return ['nsenter', `--net=${net}`, 'unshare', ...spaces, '--', ...shell];
}

/** Takes a folder from an archive, as root: nobody in a world changes it. */
export function showProgram({ to }: SandboxMount): string[] {
  const script =
    'mkdir -p -- "$1" && tar -C "$1" --no-same-owner -xpf - && chown -R 0:0 -- "$1" && chmod -R go-w,go+rX -- "$1"';
  return ['/bin/sh', '-c', script, 'sh', to];
}

export function rootProgram(script: string): string[] {
  return ['/bin/bash', '--noprofile', '--norc', '-c', script];
}
