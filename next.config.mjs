// Inline scripts are Next's own bootstrap; everything else comes from this server and nothing is framed by others.
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

// `same-origin` and not `no-referrer`: under the latter browsers post forms with `Origin: null`, which is refused.
const headers = [
  { key: 'Content-Security-Policy', value: contentSecurityPolicy },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=()' },
];

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run check` holds the types; a start must not wait for it a second time.
  typescript: { ignoreBuildErrors: true },
  rewrites: async () => [{ source: '/.well-known/fleet-audit-keys.json', destination: '/api/audit-keys' }],
  headers: async () => [{ source: '/:path*', headers }],
};
