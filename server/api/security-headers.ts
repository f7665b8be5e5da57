/**
 * What a page's browser is told: inline scripts that carry this answer's nonce, everything else from this server, framed
 * by nobody. Styles are free: components place things by style attributes, which take no nonce.
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const twoYears = 2 * 365 * 24 * 60 * 60;

/** Only where people come by https: a browser that was told so could not come back by http. */
export function transportSecurity(publicUrl: string): string | null {
  return publicUrl.startsWith('https:') ? `max-age=${twoYears}` : null;
}
