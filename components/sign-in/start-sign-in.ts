/** Starts signing in by mail or by an identity provider of that name; returns where to go on. */
export async function startSignIn(provider: string, form: { email?: string; callbackUrl: string }): Promise<string> {
  const { csrfToken } = (await (await fetch('/api/auth/csrf')).json()) as { csrfToken: string };
  const response = await fetch(`/api/auth/signin/${provider}`, {
    method: 'POST',
    body: new URLSearchParams({ csrfToken, ...form, json: 'true' }),
  });
  const { url } = (await response.json()) as { url: string };
  return url;
}

/** The same by the single sign-on of the org that has the address's domain. */
export async function startSso({ email, callbackUrl }: { email: string; callbackUrl: string }): Promise<string> {
  const found = await fetch('/api/sign-in/sso', { method: 'POST', body: new URLSearchParams({ email }) });
  const { path } = (await found.json()) as { path: string | null };
  return path === null ? '/sign-in?error=SsoUnknown' : startSignIn(path, { callbackUrl });
}
