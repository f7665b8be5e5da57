import { isKey } from '../../server/domain/authz/key-scopes.ts';
import { AppError } from '../../server/domain/errors.ts';
import { answering } from './answering.ts';
import { clientWith } from './fleet-client.ts';
import { writeLogin } from './login-file.ts';

type Of = { file: string; print: (line: string) => void };

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Keeps an API key for the later commands, after asking the server what it is good for. */
export async function login({ file, print }: Of, { url: given, key }: { url: string; key: string }): Promise<void> {
  const url = addressOf(given);
  if (!isKey(key))
    throw new AppError('invalid_input', 'This is no API key: one begins with flt_. Copy it again, all of it.');
  const client = clientWith({ url, headers: { authorization: `Bearer ${key}` } });
  const self = await answering(url, () => client.keys.self.query());
  await writeLogin(file, { url, org: self.org, key });
  print(`Logged in to ${self.orgName} (${self.org}) as the service account ${self.serviceAccount}.`);
  print(`The key ${self.prefix}… is kept in ${file}; it is good until ${self.expiresAt.slice(0, 10)}.`);
}

/** Throws `invalid_input` for what is no address, and for one on which the key could be read on the way. */
function addressOf(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new AppError('invalid_input', `${given} is no address such as https://fleet.example.com.`);
  }
  if (url.protocol === 'http:' && !loopback.test(url.hostname)) {
    throw new AppError(
      'invalid_input',
      'A key is sent over https only, except to this machine. Use the https address.',
    );
  }
  return url.href.replace(/\/+$/, '');
}
