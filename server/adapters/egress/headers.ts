import type { NetworkCredential } from '../../domain/ports/sandbox.ts';
import { matchesHost } from '../../domain/network/decide-network.ts';

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What goes on to the other side: nothing that was meant for this connection. `raw` is name, value, name, value … */
export function onward(raw: string[]): string[] {
  const named = pairs(raw)
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) =>
      value
        .toLowerCase()
        .split(',')
        .map((part) => part.trim()),
    );
  return pairs(raw)
    .filter(([name]) => !hopByHop.has(name.toLowerCase()) && !named.includes(name.toLowerCase()))
    .flat();
}

function pairs(raw: string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, i) => [raw[2 * i]!, raw[2 * i + 1]!]);
}

/** Puts values in the place of the placeholders whose hosts include `host`; names the placeholders it found. */
export function inject(raw: string[], host: string, credentials: NetworkCredential[]) {
  const mine = credentials.filter(({ hosts }) => hosts.some((pattern) => matchesHost(pattern, host)));
  const injected = new Set<string>();
  const replace = (text: string) =>
    mine.reduce((before, { placeholder, value }) => {
      if (!before.includes(placeholder)) return before;
      injected.add(placeholder);
      return before.replaceAll(placeholder, () => value);
    }, text);
  const headers = raw.map((part, i) => (i % 2 === 0 ? part : replaceIn(part, replace)));
  return { headers, injected: [...injected] };
}

/** Name and password of basic authentication travel as base64. */
function replaceIn(value: string, replace: (text: string) => string): string {
  const [, scheme, coded] = /^(basic\s+)([a-z0-9+/=]+)$/iu.exec(value) ?? [];
  if (coded === undefined) return replace(value);
  const login = Buffer.from(coded, 'base64').toString('latin1');
  const replaced = replace(login);
  return replaced === login ? value : `${scheme}${Buffer.from(replaced, 'latin1').toString('base64')}`;
}
