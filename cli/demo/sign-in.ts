import { AppError } from '../../server/domain/errors.ts';

function cookiesOf(response: Response): string[] {
  return response.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? '');
}

/** Does what the owner link's page does when its button is pressed. Returns the session's cookie header. */
export async function signIn(ownerLink: string): Promise<string> {
  const page = new URL(ownerLink);
  const confirmed = await fetch(new URL('/api/sign-in/confirm', page), {
    method: 'POST',
    headers: { origin: page.origin },
    body: new URLSearchParams(page.searchParams),
    redirect: 'manual',
  });
  if (confirmed.status !== 303) {
    throw new AppError(
      'not_signed_in',
      `The owner link was refused with ${confirmed.status}: ${await confirmed.text()}`,
    );
  }
  const cookies = cookiesOf(confirmed);
  if (!cookies.some((cookie) => cookie.includes('session-token='))) {
    throw new AppError(
      'not_signed_in',
      `Signing in gave no session (${confirmed.headers.get('location') ?? 'no target'}).`,
    );
  }
  return cookies.join('; ');
}
