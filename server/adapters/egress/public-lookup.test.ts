import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { gitCodeHost } from '../code-host/git.ts';
import { systemClock } from '../clock/system-clock.ts';
import { askProvider } from '../model-key/ask-provider.ts';
import { NotPublicError, publicAddresses, publicLookup } from './public-lookup.ts';

it('a name is looked up once: where it leads a moment later is nobody’s question', async () => {
  const answers = [['93.184.216.34'], ['127.0.0.1']];
  const resolve = async () => answers.shift() ?? [];
  expect(await publicAddresses('rebinding.example', resolve)).toEqual(['93.184.216.34']);
  expect(answers).toHaveLength(1);
});

it.each([
  '127.0.0.1',
  '10.0.0.1',
  '169.254.169.254',
  '100.64.0.1',
  '::1',
  '::ffff:10.0.0.1',
  'fd00::1',
  '64:ff9b::a00:1',
])('%s is refused, alone, among others, and typed as it is', async (address) => {
  for (const found of [[address], ['93.184.216.34', address]]) {
    await expect(publicAddresses('x.example', async () => found)).rejects.toThrow(NotPublicError);
  }
  await expect(publicAddresses(address)).rejects.toThrow(NotPublicError);
});

it('Node’s clients are answered in the same way', async () => {
  const looked = (host: string) =>
    new Promise<unknown>((resolve) => publicLookup(host, { all: true }, (error, found) => resolve(error ?? found)));
  expect(await looked('localhost')).toBeInstanceOf(NotPublicError);
  expect(await looked('93.184.216.34')).toEqual([{ address: '93.184.216.34', family: 4 }]);
});

it('nothing that a tenant types reaches this machine, whichever door it is typed at', async () => {
  let asked = 0;
  const inside = createServer((_, response) => {
    asked += 1;
    response.end('{}');
  });
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void inside.close());
  const { port } = inside.address() as AddressInfo;
  const codeHost = gitCodeHost({ dataDir: '/nowhere', allowLocal: 'if-trusted', clock: systemClock });
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1']) {
    for (const scheme of ['http', 'https']) {
      const address = `${scheme}://${host}:${port}`;
      const model = askProvider({ timeoutMs: 2_000 })({
        protocol: 'anthropic',
        baseUrl: address,
        key: 'k',
        byOperator: false,
      });
      expect(await model, address).toEqual({ kind: 'not_allowed' });
      await expect(codeHost.inspect({ remote: `${address}/a.git` }), address).rejects.toMatchObject({
        code: 'repo_not_allowed',
      });
    }
  }
  expect(asked).toBe(0);
});
