/** A name with at least two labels that a mail address can end in; in lower case, without a trailing dot. */
const domainShape = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

export function isMailDomain(text: string): boolean {
  return domainShape.test(text);
}

/** What follows the last @ of an address, in lower case. */
export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase();
}

/** Hosts of strangers' mailboxes. None of them would prove itself to an org; saying so at once is kinder than a failed proof. */
const publicMail = new Set([
  ...['gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'msn.com', 'yahoo.com', 'ymail.com'],
  ...['icloud.com', 'me.com', 'mac.com', 'aol.com', 'proton.me', 'protonmail.com', 'pm.me', 'tutanota.com', 'tuta.com'],
  ...[
    'gmx.de',
    'gmx.net',
    'gmx.com',
    'gmx.at',
    'gmx.ch',
    'web.de',
    't-online.de',
    'freenet.de',
    'mail.de',
    'posteo.de',
  ],
  ...['mail.ru', 'yandex.ru', 'yandex.com', 'qq.com', '163.com', '126.com', 'naver.com', 'zoho.com', 'fastmail.com'],
  ...['mail.com', 'hey.com', 'orange.fr', 'free.fr', 'laposte.net', 'libero.it', 'seznam.cz', 'wp.pl', 'bluewin.ch'],
]);

export function isPublicMail(domain: string): boolean {
  return publicMail.has(domain) || /^(?:yahoo|hotmail|outlook|live)\.[a-z]{2,3}(?:\.[a-z]{2})?$/.test(domain);
}

/** Where the proof of a domain stands in DNS, and what it says. */
export const proofName = (domain: string) => `_fleet-proof.${domain}`;
export const proofText = (proof: string) => `fleet-domain-proof=${proof}`;
