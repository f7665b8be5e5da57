/** Where an OIDC provider wants to be talked to, as its own discovery document says. */
export type OidcPlaces = {
  issuer: string;
  authorization: string;
  token: string;
  userinfo: string | null;
  jwks: string;
  /** How ID tokens are signed, and how a client shows its secret. */
  signing: string;
  clientAuth: 'client_secret_basic' | 'client_secret_post';
};

export type OidcAnswer =
  | { kind: 'found'; places: OidcPlaces }
  /** The address leads where only the operator may lead Fleet. */
  | { kind: 'not_allowed' }
  | { kind: 'unusable'; why: string };

/** Reads the discovery document of an issuer. What a tenant typed is called at public https addresses only. */
export type FindOidc = (issuer: string, byOperator: boolean) => Promise<OidcAnswer>;
