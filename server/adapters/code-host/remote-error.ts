import { AppError, type ErrorCode } from '../../domain/errors.ts';
import type { Remote } from './remote.ts';

type Rule = { when: RegExp; code: ErrorCode; say: (remote: Remote, words: string) => string };

const rules: Rule[] = [
  {
    when: /dubious ownership/iu,
    code: 'repo_not_allowed',
    say: ({ shown }) =>
      `${shown} belongs to another user than the one Fleet runs as. Change its owner, or use a git address instead of a path.`,
  },
  {
    when: /host key verification failed/iu,
    code: 'repo_unreachable',
    say: ({ host }) =>
      `The SSH host key of ${host} is not known to the user Fleet runs as. Run once as that user: ssh-keyscan ${host} >> ~/.ssh/known_hosts (and compare the key).`,
  },
  {
    when: /could not read username|authentication failed|terminal prompts disabled|permission denied \(|access denied|error: 40[13]|invalid credentials/iu,
    code: 'repo_needs_credentials',
    say: ({ shown, kind }) =>
      kind === 'ssh'
        ? `${shown} refuses the SSH key of the user Fleet runs as. Add that user’s public key there, or use an address that needs no password.`
        : `${shown} asks for a password, or does not exist. Fleet has no password for it: use a public address, or clone it on this machine and connect it by path.`,
  },
  {
    when: /unable to update url base from redirection|error: 30\d/iu,
    code: 'repo_unreachable',
    say: ({ shown }) => `${shown} answers with a redirect. Type the address it leads to; often it ends in .git.`,
  },
  {
    when: /not found|does not exist|no such file|not appear to be a git repository|not a git repository|error: 404|invalid gitfile|not valid: is this a git repository/iu,
    code: 'repo_unreachable',
    say: ({ shown }) => `There is no git repository at ${shown}. Check the address.`,
  },
  {
    when: /transport '.*' not allowed/iu,
    code: 'repo_not_allowed',
    say: ({ shown }) => `${shown} leads to a kind of address that is not allowed.`,
  },
  {
    when: /fsck error|error in (tree|blob|commit|tag)|did not receive expected object|unpack-objects failed|index-pack failed/iu,
    code: 'repo_not_allowed',
    say: ({ shown }, words) => `${shown} holds objects that git takes for damaged or dangerous: ${words}`,
  },
  {
    when: /resolve host|name or service not known/iu,
    code: 'repo_unreachable',
    say: ({ host }) => `The name ${host} is not known. Check the address and this machine’s network.`,
  },
  {
    when: /connect|timed out|refused|unreachable|hung up|low speed|operation too slow/iu,
    code: 'repo_unreachable',
    say: ({ shown }) => `${shown} does not answer. Check the address, and that this machine may reach it.`,
  },
];

/** git's words about a remote as an error for a person; the first rule that fits speaks. */
export function remoteError(remote: Remote, stderr: string): AppError {
  const words = plainWords(stderr);
  const rule = rules.find(({ when }) => when.test(words));
  const message =
    rule?.say(remote, words) ?? `git could not work with ${remote.shown}: ${words || 'it gave no reason'}`;
  return new AppError(rule?.code ?? 'repo_unreachable', message, { remote: remote.shown });
}

/** Last lines of git's errors without its prefixes; credentials in addresses are taken out. */
export function plainWords(stderr: string): string {
  const lines = stderr
    .replace(/\/\/[^\s/@]+@/gu, '//')
    .split('\n')
    .map((line) => line.replace(/^(fatal|error|remote|warning): /u, '').trim());
  return lines.filter(Boolean).slice(-6).join(' ').slice(0, 600);
}
