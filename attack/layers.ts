import type { Weakness } from '../server/adapters/sandbox/weakness.ts';

type Walls = (args: string[]) => string[];

const namespaces = ['user', 'ipc', 'pid', 'net', 'uts', 'cgroup'];

/** Takes a flag and the values that follow it out, wherever it stands. */
function without(...gone: string[]): Walls {
  return (args) => {
    const at = args.findIndex((_, i) => gone.every((one, j) => args[i + j] === one));
    return at < 0 ? args : without(...gone)([...args.slice(0, at), ...args.slice(at + gone.length)]);
  };
}

function instead(of: string[], these: string[]): Walls {
  return (args) => {
    const at = args.findIndex((_, i) => of.every((one, j) => args[i + j] === one));
    return at < 0 ? args : [...args.slice(0, at), ...these, ...args.slice(at + of.length)];
  };
}

const all =
  (...steps: Walls[]): Walls =>
  (args) =>
    steps.reduce((so, step) => step(so), args);

function withoutNamespace(name: string): Walls {
  const rest = namespaces.filter((one) => one !== name && one !== 'user').map((one) => `--unshare-${one}`);
  const kept = name === 'user' ? rest : [...rest, '--unshare-user'];
  const bare = all(without('--unshare-user'), instead(['--unshare-all'], kept));
  return name === 'user'
    ? all(bare, without('--disable-userns'), without('--uid', '1000'), without('--gid', '1000'))
    : bare;
}

/** Read-only covers over entries of `/proc`, which only root needs. */
const withoutCovers: Walls = (args) => {
  const at = args.findIndex((arg, i) => arg === '--ro-bind' && args[i + 1]?.startsWith('/proc/'));
  return at < 0 ? args : withoutCovers([...args.slice(0, at), ...args.slice(at + 3)]);
};

const ownSettings: Walls = (args) => {
  const at = args.findIndex((arg, i) => arg === '/etc' && args[i - 2] === '--ro-bind');
  return at < 0 ? args : args.with(at - 1, '/etc');
};

/** Links cannot be made where the host has something already. */
const withoutLinks: Walls = (args) => {
  const at = args.indexOf('--symlink');
  return at < 0 ? args : withoutLinks([...args.slice(0, at), ...args.slice(at + 3)]);
};

/** Each layer of a local sandbox and how it is taken away. */
export const sandboxLayers: Record<string, Weakness> = {
  'user-namespace': { walls: withoutNamespace('user') },
  'pid-namespace': { walls: all(withoutNamespace('pid'), without('--as-pid-1')) },
  'net-namespace': { walls: withoutNamespace('net') },
  'ipc-namespace': { walls: withoutNamespace('ipc') },
  'uts-namespace': { walls: all(withoutNamespace('uts'), without('--hostname', 'sandbox')) },
  'cgroup-namespace': { walls: withoutNamespace('cgroup') },
  'nested-namespaces': { walls: without('--disable-userns') },
  capabilities: { walls: instead(['--cap-drop', 'ALL'], ['--cap-add', 'ALL']) },
  'call-filter': { unfiltered: true },
  'own-session': { walls: without('--new-session') },
  'own-root': { walls: (args) => ['--bind', '/', '/', ...withoutLinks(args)] },
  'read-only-root': { walls: without('--remount-ro', '/') },
  'read-only-system': { walls: instead(['--ro-bind', '/usr'], ['--bind', '/usr']) },
  'own-settings': { walls: ownSettings },
  'own-proc': { walls: all(withoutCovers, instead(['--proc', '/proc'], ['--ro-bind', '/proc', '/proc'])) },
  'covered-proc': { walls: withoutCovers },
  'own-devices': { walls: instead(['--dev', '/dev'], ['--dev-bind', '/dev', '/dev']) },
  'cleared-environment': { env: { FLEET_SECRET: 'told to Fleet' } },
  'closed-descriptors': { inherits: true },
  proof: { unproven: true },
};

export function both(one: Weakness, other: Weakness): Weakness {
  const { walls: first } = one;
  const { walls: second } = other;
  return {
    walls: first && second ? (args) => second(first(args)) : (first ?? second),
    unfiltered: one.unfiltered || other.unfiltered,
    env: { ...one.env, ...other.env },
    egress: { ...one.egress, ...other.egress },
    inherits: one.inherits || other.inherits,
    unproven: one.unproven || other.unproven,
  };
}
