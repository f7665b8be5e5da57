import { Notice } from '../ui/notice.tsx';
import { PlainPage } from '../ui/plain-page.tsx';
import { signInError } from './sign-in-errors.ts';
import { ProviderButton } from './provider-button.tsx';
import { SignInForm } from './sign-in-form.tsx';

type Props = { callbackUrl: string; error: string | undefined; github: boolean };

export function SignIn({ callbackUrl, error, github }: Props) {
  const problem = signInError(error);
  return (
    <PlainPage>
      {problem && (
        <Notice look="warn" title={problem.title}>
          {problem.text}
        </Notice>
      )}
      <div className="flex flex-col gap-1">
        <h1 className="text-xl font-semibold">Sign in</h1>
        <p className="text-ink-2">We send a link to your mailbox, which works once; or your org signs you in.</p>
      </div>
      <SignInForm callbackUrl={callbackUrl} />
      {github && (
        <div className="-mt-4 flex flex-col gap-2">
          <ProviderButton provider="github" callbackUrl={callbackUrl}>
            Continue with GitHub
          </ProviderButton>
        </div>
      )}
      <p className="border-t border-line pt-4 text-sm text-ink-3">
        First start of this installation? The terminal that started Fleet shows a one-time link for its owner.
      </p>
    </PlainPage>
  );
}
