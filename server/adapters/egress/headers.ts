import type { NetworkCredential } from '../../domain/ports/sandbox.ts';
import { holdsPlaceholder, writeHeader } from '../../domain/secrets/header-form.ts';
import { isOneOf, type SecretPlace } from '../../domain/secrets/network-secret.ts';

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

/** They say where one request ends and whom it is for: nobody can say of them that they were meant for this connection alone. */
const framing = new Set(['host', 'content-length']);

/** What goes on to the other side: nothing that was meant for this connection. `raw` is name, value, name, value … */
export function onward(raw: string[]): string[] {
  const named = pairs(raw)
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) =>
      value
        .toLowerCase()
        .split(',')
        .map((part) => part.trim()),
    )
    .filter((name) => !framing.has(name));
  return without(raw, [...hopByHop, ...named]);
}

export function without(raw: string[], names: string[]): string[] {
  return pairs(raw)
    .filter(([name]) => !names.includes(name.toLowerCase()))
    .flat();
}

function pairs(raw: string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, i) => [raw[2 * i]!, raw[2 * i + 1]!]);
}

export type Injected = { headers: string[]; used: NetworkCredential[] };

/** Writes anew the headers that hold a placeholder whose secret may go to `place` in that header. */
export function inject(raw: string[], place: SecretPlace, credentials: readonly NetworkCredential[]): Injected {
  const mine = credentials.filter(({ places }) => isOneOf(places, place));
  const used = new Set<NetworkCredential>();
  const headers = pairs(raw).flatMap(([name, content]) => {
    const found = mine.find(
      ({ form, placeholder }) =>
        form.header.toLowerCase() === name.toLowerCase() && holdsPlaceholder(content, placeholder),
    );
    if (!found) return [name, content];
    used.add(found);
    return [name, writeHeader(found.form, found.value)];
  });
  return { headers, used: [...used] };
}
