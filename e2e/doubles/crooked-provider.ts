import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Claims = Record<string, unknown>;
export type CrookedProvider = { issuer: string; close(): void };

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * A provider that answers by the rules but for what `bend` makes of the claims it signs, and of the parameters that it
 * sends back: what no real one does.
 */
export async function crookedProvider(bend: {
  claims?: (honest: Claims) => Claims;
  back?: (honest: Record<string, string>) => Record<string, string>;
}): Promise<CrookedProvider> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const asked = new Map<string, { nonce: string; clientId: string }>();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', issuer);
    const json = (value: unknown) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (url.pathname === '/.well-known/openid-configuration') {
      return json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        id_token_signing_alg_values_supported: ['RS256'],
      });
    }
    if (url.pathname === '/keys')
      return json({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: '1', alg: 'RS256' }] });
    if (url.pathname === '/authorize') {
      const { nonce, client_id: clientId, state, redirect_uri: to } = Object.fromEntries(url.searchParams);
      const code = randomBytes(8).toString('hex');
      asked.set(code, { nonce: nonce!, clientId: clientId! });
      const back = { code, state: state! };
      return response.writeHead(302, { location: `${to}?${new URLSearchParams(bend.back?.(back) ?? back)}` }).end();
    }
    let body = '';
    for await (const part of request) body += String(part);
    const { nonce, clientId } = asked.get(new URLSearchParams(body).get('code') ?? '')!;
    const now = Math.floor(Date.now() / 1000);
    const honest = { iss: issuer, aud: clientId, sub: '1', iat: now, exp: now + 60, nonce };
    const signed = `${base64({ alg: 'RS256', kid: '1' })}.${base64(bend.claims?.(honest) ?? honest)}`;
    const signature = createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url');
    return json({ access_token: 'none', token_type: 'Bearer', id_token: `${signed}.${signature}` });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { issuer, close: () => server.close() };
}
