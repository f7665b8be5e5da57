const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * True when a request that changes something was sent by one of Fleet's own pages. A missing Origin is a refusal: every
 * browser sends it with a POST. An installation on loopback is also reached by the machine's other loopback names; any
 * other name that resolves to it (DNS rebinding) is foreign.
 */
export function isOwnOrigin(headers: Headers, publicUrl: string): boolean {
  const origin = headers.get('origin');
  if (origin === null || !URL.canParse(origin)) return false;
  const own = new URL(publicUrl);
  if (origin === own.origin) return true;
  const asked = new URL(origin);
  return loopback.has(own.hostname) && loopback.has(asked.hostname) && asked.host === headers.get('host');
}

/** The path of `target` when it stays on this installation, else `/`. Never a form that a browser reads as another host. */
export function ownPath(target: string | null | undefined, publicUrl: string): string {
  if (!target || !URL.canParse(target, publicUrl)) return '/';
  const url = new URL(target, publicUrl);
  if (url.origin !== new URL(publicUrl).origin || url.pathname.startsWith('//')) return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}
