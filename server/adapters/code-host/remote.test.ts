import { describe, expect, test } from 'vitest';
import { remoteError } from './remote-error.ts';
import { parseRemote, pinPublic } from './remote.ts';

describe('addresses', () => {
  test.each([
    ['https://github.com/a/b.git', 'http', 'github.com'],
    [' https://github.com/a/b ', 'http', 'github.com'],
    ['http://[::1]:8080/x', 'http', '::1'],
    ['ssh://git@host:22/x', 'ssh', 'host'],
    ['git@github.com:a/b.git', 'ssh', 'github.com'],
    ['host:path', 'ssh', 'host'],
    ['git://host/x', 'git', 'host'],
    ['/srv/git/x.git', 'local', ''],
    ['file:///srv/a%20b', 'local', ''],
  ])('%s', (typed, kind, host) => expect(parseRemote(typed, true)).toMatchObject({ kind, host }));

  test('a file address is its path', () => {
    expect(parseRemote('file:///srv/a%20b', true).address).toBe('/srv/a b');
  });
});

describe('addresses of tenants', () => {
  const pin = (typed: string, ...addresses: string[]) => pinPublic(parseRemote(typed, false), async () => addresses);

  test.each([
    ['https://Code.example/a.git', 'https://code.example/a.git', 'code.example:443:93.184.216.34,2606:2800::1'],
    ['http://code.example.:8080/a', 'http://code.example:8080/a', 'code.example:8080:93.184.216.34,2606:2800::1'],
  ])('%s is pinned to what its name leads to', async (typed, address, pinned) => {
    expect(await pin(typed, '93.184.216.34', '2606:2800::1')).toMatchObject({ address, pin: pinned });
  });

  test.each(['127.0.0.1', '169.254.169.254', '10.1.2.3', '::1', 'fd00::1', '::ffff:10.0.0.1'])(
    'a name that leads to %s, were it one of several, is refused',
    async (address) => {
      const asked = pin('https://code.example/a.git', '93.184.216.34', address);
      await expect(asked).rejects.toMatchObject({
        code: 'repo_not_allowed',
        message: expect.stringMatching(/private network/u),
      });
    },
  );

  test('a name that leads nowhere is not left to git', async () => {
    await expect(pin('https://code.example/a.git')).rejects.toMatchObject({ code: 'repo_unreachable' });
  });

  test.each(['git@github.com:a/b.git', 'ssh://github.com/a', 'git://github.com/a'])('%s is refused', async (typed) => {
    await expect(pin(typed, '140.82.121.4')).rejects.toMatchObject({ code: 'repo_not_allowed' });
  });
});

describe('faults of remotes', () => {
  const remote = parseRemote('https://host.example/x.git', true);
  const ssh = parseRemote('git@host.example:x.git', true);
  test.each([
    [
      "fatal: could not read Username for 'https://host.example': terminal prompts disabled",
      'repo_needs_credentials',
      /public address/u,
    ],
    ['fatal: unable to access: The requested URL returned error: 403', 'repo_needs_credentials', /password/u],
    [
      "fatal: unable to access 'x': Could not resolve host: host.example",
      'repo_unreachable',
      /name host\.example is not known/u,
    ],
    [
      'fatal: unable to access: Failed to connect to host.example port 443: Connection refused',
      'repo_unreachable',
      /does not answer/u,
    ],
    ["fatal: repository 'https://host.example/x.git/' not found", 'repo_unreachable', /no git repository/u],
    ['timed out', 'repo_unreachable', /does not answer/u],
    ['fatal: unable to access: Server certificate verification failed', 'repo_unreachable', /certificate/u],
    ["fatal: transport 'file' not allowed", 'repo_not_allowed', /not allowed/u],
    ['fatal: something new', 'repo_unreachable', /something new/u],
    ['', 'repo_unreachable', /no reason/u],
  ])('%s', (stderr, code, message) => {
    const error = remoteError(remote, stderr);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test('SSH has advice of its own', () => {
    expect(remoteError(ssh, 'git@host.example: Permission denied (publickey).').message).toMatch(/public key/u);
    expect(remoteError(ssh, 'Host key verification failed.').message).toMatch(/ssh-keyscan host\.example/u);
  });

  test('credentials in git’s words are taken out', () => {
    const error = remoteError(remote, "fatal: odd 'https://user:secret@host.example/x'");
    expect(error.message).not.toContain('secret');
  });
});
