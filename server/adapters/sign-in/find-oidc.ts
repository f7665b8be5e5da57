import { z } from 'zod';
import type { FindOidc, OidcAnswer } from '../../domain/ports/find-oidc.ts';
import { NotPublicError } from '../egress/public-lookup.ts';
import { guardedFetch } from '../model/guarded-fetch.ts';

const mostBytes = 200_000;

const document = z.object({
  issuer: z.url(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  userinfo_endpoint: z.url().optional(),
  jwks_uri: z.url(),
  id_token_signing_alg_values_supported: z.array(z.string()).default(['RS256']),
  token_endpoint_auth_methods_supported: z.array(z.string()).default(['client_secret_basic']),
});
type Document = z.infer<typeof document>;

/** Signatures that only the provider can make; those by a shared secret, and none, are not accepted. */
const signings = ['RS256', 'PS256', 'ES256', 'EdDSA', 'RS384', 'ES384', 'RS512', 'ES512'];

const unusable = (why: string): OidcAnswer => ({ kind: 'unusable', why });
const bare = (url: string) => url.replace(/\/+$/, '');

/** Discovery of an OIDC provider (OpenID Connect Discovery 1.0, section 4). Redirects are not followed. */
export function findOidc({ timeoutMs = 10_000 }: { timeoutMs?: number } = {}): FindOidc {
  return async (issuer, byOperator) => {
    const call = byOperator ? fetch : guardedFetch();
    try {
      const url = `${bare(issuer)}/.well-known/openid-configuration`;
      const answer = await call(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
      if (!answer.ok) {
        await answer.body?.cancel();
        return unusable(`it answered ${answer.status}`);
      }
      const read = document.safeParse(JSON.parse(await textOf(answer)));
      if (!read.success) return unusable('its discovery document is not whole');
      return judge(read.data, { issuer, byOperator });
    } catch (error) {
      if (error instanceof NotPublicError) return { kind: 'not_allowed' };
      return unusable(error instanceof SyntaxError ? 'it did not answer in JSON' : 'it did not answer');
    }
  };
}

async function textOf(answer: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > mostBytes) return '';
  }
  return text;
}

function judge(found: Document, { issuer, byOperator }: { issuer: string; byOperator: boolean }): OidcAnswer {
  if (bare(found.issuer) !== bare(issuer)) return unusable(`it says of itself that it is ${found.issuer}`);
  const { authorization_endpoint: authorization, token_endpoint: token, jwks_uri: jwks } = found;
  const userinfo = found.userinfo_endpoint ?? null;
  const places = [authorization, token, jwks, ...(userinfo === null ? [] : [userinfo])];
  const schemes = byOperator ? ['http:', 'https:'] : ['https:'];
  if (!places.every((place) => schemes.includes(new URL(place).protocol))) return { kind: 'not_allowed' };
  const signing = signings.find((each) => found.id_token_signing_alg_values_supported.includes(each));
  if (signing === undefined) return unusable('it signs in no way that only it can');
  const shown = found.token_endpoint_auth_methods_supported;
  const clientAuth = shown.includes('client_secret_basic') ? 'client_secret_basic' : 'client_secret_post';
  if (!shown.includes(clientAuth)) return unusable('it takes a client secret neither in a header nor in a form');
  return {
    kind: 'found',
    places: { issuer: found.issuer, authorization, token, userinfo, jwks, signing, clientAuth },
  };
}
