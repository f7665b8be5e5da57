import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import { systemResolve } from '../egress/addresses.ts';
import { NotPublicError, publicAddresses } from '../egress/public-lookup.ts';

/** What a tenant typed, understood. `shown` is safe to print; `pin` (HOST:PORT:ADDRESSES) is where its name may lead. */
export type Remote = {
  kind: 'local' | 'http' | 'ssh' | 'git';
  address: string;
  host: string;
  shown: string;
  pin?: string;
};

const examples = 'for example https://github.com/you/project.git, git@github.com:you/project.git';

/**
 * Takes https, http, ssh and git addresses, `user@host:path`, and absolute local paths where `allowLocal`. Everything
 * else (options, `ext::`, `fd::`, other helpers, passwords in the address) throws `repo_not_allowed`.
 */
export function parseRemote(typed: string, allowLocal: boolean): Remote {
  const address = typed.trim();
  if (address === '' || address.length > 2000) throw refuse('Type the address of a git repository');
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(address)) throw refuse('The address contains a control character or a line break');
  if (address.startsWith('-')) throw refuse('An address cannot start with a dash');
  if (isAbsolute(address) || /^file:/iu.test(address)) return localRemote(address, allowLocal);
  if (/^[\w+.-]+::/u.test(address)) throw refuse('Addresses of the form helper::address are not allowed');
  return /^[\w+.-]+:\/\//u.test(address) ? urlRemote(address) : scpRemote(address);
}

function localRemote(address: string, allowLocal: boolean): Remote {
  if (!allowLocal) throw refuse('Only the operator of this installation may use a path on its machine');
  const path = /^file:\/\//iu.test(address) ? new URL(address).pathname : address;
  if (!isAbsolute(path)) throw refuse('Type an absolute path');
  return { kind: 'local', address: decodeURIComponentIf(path, path !== address), host: '', shown: path };
}

function decodeURIComponentIf(text: string, encoded: boolean): string {
  return encoded ? decodeURIComponent(text) : text;
}

function urlRemote(address: string): Remote {
  const url = URL.canParse(address) ? new URL(address) : null;
  const kind = url && schemes[url.protocol];
  if (!url || !kind) throw refuse('Only https, http, ssh and git addresses are allowed');
  if (url.hostname === '' || url.hostname.startsWith('-') || url.username.startsWith('-'))
    throw refuse('The address has no usable host');
  if (url.password !== '' || (kind === 'http' && url.username !== '')) {
    throw refuse(
      'The address contains a user name or password. Fleet would have to store it in plain sight: leave it out',
    );
  }
  return { kind, address, host: url.hostname.replace(/^\[|\]$/gu, ''), shown: address };
}

const schemes: Record<string, Remote['kind']> = { 'https:': 'http', 'http:': 'http', 'ssh:': 'ssh', 'git:': 'git' };

function scpRemote(address: string): Remote {
  const [, host] = /^(?:[\w.][\w.-]*@)?([\w.][\w.-]*):(?!\/\/)[^-].*$/u.exec(address) ?? [];
  if (host === undefined) throw refuse('This is not an address of a git repository');
  return { kind: 'ssh', address, host, shown: address };
}

function refuse(what: string): AppError {
  return new AppError(
    'repo_not_allowed',
    `${what}. Type a git address, ${examples}, or an absolute path on this machine.`,
  );
}

/**
 * For tenants who are not the operator: http(s) only, to addresses outside private networks. The name is looked up here,
 * and what was checked is what git connects to: a name that leads elsewhere a moment later changes nothing.
 */
export async function pinPublic(remote: Remote, resolve = systemResolve): Promise<Remote> {
  const { kind, shown } = remote;
  if (kind !== 'http') {
    throw new AppError(
      'repo_not_allowed',
      `${shown} would be read with rights of this server. Only the operator may allow that; use an https address.`,
    );
  }
  const url = new URL(remote.address);
  const host = remote.host.replace(/\.+$/u, '');
  if (!isIP(host)) url.hostname = host;
  const found = await publicAddresses(host, resolve).catch((error: unknown) => {
    if (!(error instanceof NotPublicError)) throw error;
    throw new AppError('repo_not_allowed', `${shown} leads into a private network. Only the operator may allow that.`);
  });
  if (found.length === 0) {
    throw new AppError(
      'repo_unreachable',
      `The name ${host} is not known. Check the address and this machine’s network.`,
    );
  }
  // As the URL parser reads it, which is what was checked; curl might read the typed one otherwise.
  const narrowed = { ...remote, host, address: url.href };
  if (isIP(host)) return narrowed;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return { ...narrowed, pin: `${host}:${port}:${found.join(',')}` };
}
