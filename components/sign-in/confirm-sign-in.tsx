import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { PlainPage } from '../ui/plain-page.tsx';

type Props = { token: string; email: string; callbackUrl: string };

/** The target of a sign-in link. Opening it does nothing, so that a mail scanner does not use it up; the button posts. */
export function ConfirmSignIn({ token, email, callbackUrl }: Props) {
  if (token === '' || email === '') {
    return (
      <PlainPage>
        <Notice look="bad" title="This link is not whole">
          Part of it is missing. Copy it again, all of it, or ask for a new one.
        </Notice>
      </PlainPage>
    );
  }
  return (
    <PlainPage>
      <div className="flex flex-col gap-1">
        <h1 className="text-xl font-semibold">Sign in to Fleet</h1>
        <p className="text-ink-2 foreign">
          You are signing in as <strong className="font-semibold">{email}</strong>.
        </p>
      </div>
      <form method="post" action="/api/sign-in/confirm" className="flex flex-col">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="email" value={email} />
        <input type="hidden" name="callbackUrl" value={callbackUrl} />
        <Button type="submit" native look="primary" size="tall">
          Sign in
        </Button>
      </form>
      <p className="text-sm text-ink-3">The link works once. If you did not ask for it, close this page.</p>
    </PlainPage>
  );
}
