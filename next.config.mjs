// The policy of pages has a nonce and comes from proxy.ts; what is no page runs and frames nothing.
const nothing = [{ key: 'Content-Security-Policy', value: "default-src 'none'; frame-ancestors 'none'" }];

// `same-origin` and not `no-referrer`: under the latter browsers post forms with `Origin: null`, which is refused.
const headers = [
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
  headers: async () => [
    { source: '/:path*', headers },
    { source: '/api/:path*', headers: nothing },
  ],
};
