/** Ends the session on the server, then shows the sign-in page; whoever signs in again there comes to `then`. */
export async function signOut(then?: string): Promise<void> {
  const { csrfToken } = (await (await fetch('/api/auth/csrf')).json()) as { csrfToken: string };
  await fetch('/api/auth/signout', {
    method: 'POST',
    body: new URLSearchParams({ csrfToken, callbackUrl: '/sign-in', json: 'true' }),
  });
  window.location.assign(then === undefined ? '/sign-in' : `/sign-in?callbackUrl=${encodeURIComponent(then)}`);
}
