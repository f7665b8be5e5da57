export type HostRead = { ok: true; host: string } | { ok: false; reason: string };

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * A host as a client wrote it, in the one form that rules are written in. Every other spelling that some resolver
 * somewhere takes for a name or an address is refused rather than translated: two readers could read it differently.
 */
export function readHost(written: string): HostRead {
  const refuse = (reason: string): HostRead => ({ ok: false, reason });
  if (written === '' || written.length > 253) return refuse('the host is empty or too long');
  if (/[^\x21-\x7e]/.test(written)) return refuse('the host holds characters that are not plain ASCII');
  if (written.includes('%')) return refuse('the host holds escapes');
  if (written.includes('@')) return refuse('the host carries user information');
  if (/[[\]:]/.test(written)) return refuse('the host is an address, not a name');
  const host = written.toLowerCase();
  if (host.endsWith('.')) return refuse('the host ends with a dot');
  const labels = host.split('.');
  if (!labels.every((part) => label.test(part))) return refuse('the host is not a well-formed name');
  // What ends in a number is an IPv4 address to some readers: 127.1, 0x7f.1, 2130706433, 017700000001.
  if (/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1)!)) return refuse('the host is an address, not a name');
  return { ok: true, host };
}

export type Authority = { ok: true; host: string; port: number } | { ok: false; reason: string };

/** `host` or `host:port`. Without a default the port must be written. */
export function readAuthority(written: string, defaultPort: number | null): Authority {
  const [, name = '', digits] = /^([^:]*)(?::([^:]*))?$/s.exec(written) ?? [];
  if (name === '' && written !== '') return { ok: false, reason: 'the host is an address, not a name' };
  const read = readHost(name);
  if (!read.ok) return read;
  if (digits === undefined) {
    if (defaultPort === null) return { ok: false, reason: 'the port is missing' };
    return { ok: true, host: read.host, port: defaultPort };
  }
  const port = /^[1-9]\d{0,4}$/.test(digits) ? Number(digits) : 0;
  return port > 0 && port <= 65_535 ? { ...read, port } : { ok: false, reason: 'the port is not a port' };
}
