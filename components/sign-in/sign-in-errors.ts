/** What went wrong by the code that next-auth puts into the address, as what happened and what to do. */
const known: Record<string, { title: string; text: string }> = {
  Verification: {
    title: 'This sign-in link no longer works',
    text: 'It was used already or is too old. Ask for a new one below; the newest link is the one that works.',
  },
  AccessDenied: {
    title: 'This account may not sign in',
    text: 'Ask the operator of this installation to let you in.',
  },
  EmailSignin: {
    title: 'The mail could not be sent',
    text: 'Nothing was changed. Check the address; if it is right, the operator should look at the mail server’s settings.',
  },
  TooManyMails: {
    title: 'Too many sign-in mails were asked for',
    text: 'No further mail was sent. Use the newest link you have, or wait 15 minutes and ask again.',
  },
  SessionRequired: { title: 'Please sign in first', text: 'You are led back to the page you asked for.' },
  Configuration: {
    title: 'Sign-in is not set up correctly',
    text: 'The operator finds the reason in the log of the web process.',
  },
};

const unknown = { title: 'Signing in did not work', text: 'Nothing was changed. Ask for a new link and try again.' };

/** Null where there is no error. */
export function signInError(code: string | undefined): { title: string; text: string } | null {
  if (!code) return null;
  return known[code] ?? unknown;
}
