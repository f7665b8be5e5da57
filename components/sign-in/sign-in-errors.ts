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
  SsoUnknown: {
    title: 'No single sign-on for this address',
    text: 'No org here has set one up for its domain. Ask for a sign-in link instead, or ask an owner of your org.',
  },
  SsoUnreachable: {
    title: 'Your org’s sign-in service does not answer',
    text: 'Nobody was signed in. Try again in a moment; if it stays, tell an owner of your org.',
  },
  SsoUnverified: {
    title: 'Your org’s sign-in service does not vouch for your address',
    text: 'It has to send an e-mail address, and say that it is verified. Whoever runs it can have it verified there.',
  },
  SsoDomain: {
    title: 'This address is not your org’s',
    text: 'A sign-in service may only speak for the domains that its org has proven. Sign in with an address of one of them.',
  },
  SsoOther: {
    title: 'This address belongs to another account',
    text: 'Somebody else of your org’s sign-in service signs in with it already. Nothing was joined; tell an owner of your org.',
  },
  GithubEmail: {
    title: 'GitHub does not vouch for your address',
    text: 'Verify your primary address in GitHub’s settings first, then sign in again.',
  },
  SignUpClosed: {
    title: 'This installation takes in nobody new that way',
    text: 'Ask an owner of an org here to invite this address; whoever has an account already signs in as before.',
  },
  OAuthAccountNotLinked: {
    title: 'This address belongs to an account already',
    text: 'Nothing was joined to it. Sign in by a link to that address, then connect GitHub under Your account.',
  },
  OAuthCallback: {
    title: 'The answer of the sign-in service could not be trusted',
    text: 'It did not come from the issuer that was named, or did not answer what this browser asked. Nobody was signed in: start again here.',
  },
  OAuthSignin: {
    title: 'The sign-in service could not be asked',
    text: 'Nobody was signed in. Try again; if it stays, tell an owner of your org.',
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
