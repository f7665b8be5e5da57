import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Issuer, TokenSet } from 'openid-client';
import { oidcProvider } from './oidc-provider.ts';

// A provider whose userinfo never ends: what it sends is bounded, whoever named it.

let server: http.Server;
let sent = 0;
beforeAll(async () => {
  server = http.createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"sub":"s","email":"');
    const more = () => {
      sent += 65_536;
      if (!response.destroyed && sent < 200_000_000) response.write('x'.repeat(65_536), () => setImmediate(more));
    };
    more();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))));

it('an answer without an end is cut off, and refused by its sentence alone', async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const places = {
    ...{ issuer: url, authorization: url, token: url, userinfo: `${url}/me`, jwks: url },
    ...{ signing: 'RS256', clientAuth: 'client_secret_basic' as const },
  };
  const asked = { id: 'sso-x', name: 'x', places, clientId: 'fleet', clientSecret: 's', byOperator: true };
  const provider = oidcProvider(asked);
  const issuer = new Issuer({ issuer: url, userinfo_endpoint: `${url}/me` });
  const client = new issuer.Client({ client_id: 'fleet', client_secret: 's' });
  const claims = Buffer.from(JSON.stringify({ sub: 's' })).toString('base64url');
  const tokens = new TokenSet({ access_token: 'a', id_token: `e30.${claims}.x` });
  const userinfo = provider.userinfo as unknown as { request(of: object): Promise<unknown> };
  await expect(userinfo.request({ client, tokens })).rejects.toThrow('aborted');
  expect(sent).toBeLessThan(50_000_000);
});
