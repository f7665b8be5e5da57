import { z } from 'zod';
import { hostPattern } from '../network/network-policy.ts';
import { matchesHost } from '../network/decide-network.ts';
import { headerFormText } from './header-form.ts';

/** Where a secret may be sent: `host` as rules write it. */
export type SecretPlace = { host: string; port: number };

/** Variables that programs, shells and the sandbox itself go by: a placeholder there would break them. */
const reserved =
  /^(?:PATH|HOME|SHELL|USER|LOGNAME|PWD|OLDPWD|IFS|ENV|TERM|LANG|TZ|TMPDIR|CDPATH|BASH.*|LC_.*|LD_.*|XDG_.*|FLEET_.*|NODE_.*|PYTHON.*|JAVA_.*|MAVEN_.*|GRADLE_.*|CARGO_HOME|GO(?:PATH|ROOT|FLAGS|PROXY|SUMDB|MODCACHE|TOOLCHAIN)|GIT_.*|(?:HTTPS?|NO|ALL|FTP)_PROXY|SSL_CERT_.*|.*_CA_BUNDLE|PIP_(?:CERT|INDEX_URL)|UV_.*)$/;

const secretName = z
  .string()
  .trim()
  .regex(/^[A-Z][A-Z0-9_]{0,59}$/, 'Name it as the variable that commands read: capital letters, digits and _.')
  .refine((name) => !reserved.test(name), 'That variable has a meaning of its own in a sandbox. Take another name.');

/** `host` for port 443, or `host:port`. */
const secretPlace = z
  .string()
  .trim()
  .toLowerCase()
  .superRefine((text, context) => {
    const { host, port } = readSecretPlace(text);
    const found = hostPattern.safeParse(host);
    const say = (message: string) => context.addIssue({ code: 'custom', message: `${text}: ${message}` });
    if (!found.success || port < 1 || port > 65_535) {
      say(
        'write a host such as npm.example.com, with :port where that is not 443, or *.example.com for the names below.',
      );
    } else if (host.startsWith('*.') && !host.slice(2).includes('.')) {
      say('that would be most of the Internet.');
    }
  });

/** What a person enters. Whoever changes one enters all of it again, the value too: nothing can be sent elsewhere unseen. */
export const networkSecretEntry = z.object({
  name: secretName,
  places: z.array(secretPlace).min(1, 'Name the hosts that it may be sent to.').max(20, 'At most 20 hosts.'),
  header: headerFormText,
  /** A shorter one would be found by chance in what hosts answer. */
  value: z
    .string()
    .trim()
    .regex(/^[\x20-\x7e]{8,8000}$/, 'A secret has 8 to 8,000 characters on one line: copy it again, whole.'),
  inSetUp: z.boolean(),
  inRuns: z.boolean(),
});
export type NetworkSecretEntry = z.infer<typeof networkSecretEntry>;

export function readSecretPlace(text: string): SecretPlace {
  const [, host = '', port] = /^([^:]*)(?::(.*))?$/s.exec(text) ?? [];
  return { host, port: port === undefined ? 443 : /^[1-9]\d{0,4}$/.test(port) ? Number(port) : 0 };
}

export function isOneOf(places: readonly SecretPlace[], { host, port }: SecretPlace): boolean {
  return places.some((place) => place.port === port && matchesHost(place.host, host));
}
