import { decideNetwork, needsSight } from '../../domain/network/decide-network.ts';
import type { NetworkRequest } from '../../domain/network/network-request.ts';
import { readAuthority, type Authority as HostAndPort } from '../../domain/network/read-host.ts';
import type { SandboxEgress } from '../../domain/ports/sandbox.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';
import { isOneOf } from '../../domain/secrets/network-secret.ts';
import type { Authority } from './authority.ts';
import { DialError } from './dial.ts';
import { senderList, type SenderList } from './sender-list.ts';
import type { EgressSettings } from './settings.ts';
import type { EgressWeakness } from './weakness.ts';

/** One sandbox's way out: what it may reach, and how this installation gets there. */
export type Gate = {
  egress: SandboxEgress;
  settings: EgressSettings;
  authority: Authority | null;
  /** How a host and its port are read. */
  read: typeof readAuthority;
  list: SenderList;
  weakness: EgressWeakness;
};

type Opening = Pick<Gate, 'egress' | 'settings' | 'authority'>;

export function makeGate({ egress, settings, authority }: Opening, weakness: EgressWeakness = {}): Gate {
  const list = weakness.unlisted ? () => true : senderList(egress.policy, settings.mirrors);
  const read = weakness.anySpelling ? readAnyhow : readAuthority;
  return { egress, settings, authority, read, list, weakness };
}

function readAnyhow(written: string, defaultPort: number | null): HostAndPort {
  const [, host = '', port] = /^(?:.*@)?(.*?)(?::(\d+))?$/su.exec(written) ?? [];
  return { ok: true, host: host.toLowerCase(), port: Number(port ?? defaultPort) };
}

export type Place = { host: string; port: number };

type Refusal = NonNullable<NetworkRequest['refusal']>;

/** One request as far as it has been understood, and its record. */
export type Attempt = {
  method: string;
  place: Place;
  path: string | null;
  /** What policy says of it, once that is known. */
  verdict: Verdict | null;
  /** Nothing may leave before this resolves. Throws DialError `unrecorded`. */
  allowed(rule: string, address: string, injected: string[]): Promise<void>;
  /** A connection is there: what happens from here on is the answer's. */
  sent(): void;
  /** Never rejects: what cannot be written now is refused all the same. */
  refused(refusal: Refusal, rule: string): Promise<void>;
};

export function attempt(
  { egress, weakness }: Gate,
  { method, place, path }: Pick<Attempt, 'method' | 'place' | 'path'>,
): Attempt {
  const base = {
    method: method.slice(0, 20),
    host: place.host.slice(0, 300),
    port: place.port,
    // The query may hold what nobody should write down.
    path: path === null ? null : path.split('?', 1)[0]!.slice(0, 1000),
  };
  let over = false;
  const record = (rest: Pick<NetworkRequest, 'allowed' | 'rule' | 'refusal' | 'address' | 'injected'>) => {
    const judged = made.verdict === null ? {} : { verdict: made.verdict };
    return egress.record({ ...base, ...rest, rule: rest.rule.slice(0, 400), ...judged });
  };
  const made: Attempt = {
    method,
    place,
    path,
    verdict: null,
    async allowed(rule, address, injected) {
      try {
        await record({ allowed: true, rule, refusal: null, address, injected });
      } catch {
        if (weakness.unwritten) return;
        // Whoever writes has it, as refused.
        over = true;
        throw new DialError('unrecorded', 'it could not be written down');
      }
    },
    sent: () => void (over = true),
    async refused(refusal, rule) {
      if (over) return;
      over = true;
      await record({ allowed: false, rule, refusal, address: null, injected: [] }).catch(() => undefined);
    },
  };
  return made;
}

/** The rule that lets a request go; the sender's list must hold it too. Throws DialError `no_rule`. */
export function ruleFor(gate: Gate, tried: Attempt): string {
  const rule = gate.weakness.unruled ? 'none' : ruleOf(gate, tried);
  const { method, path, place } = tried;
  if (gate.list({ ...place, path, method: path === null ? null : method })) return rule;
  throw new DialError('no_rule', `the list drawn up from the rules does not hold ${place.host}:${place.port}`);
}

function ruleOf({ egress, settings }: Gate, { method, place, path }: Attempt): string {
  const request = path === null ? null : { method, path };
  const verdict = decideNetwork(egress.policy, { ...place, request }, settings.mirrors);
  if (verdict.allowed) return verdict.rule;
  throw new DialError('no_rule', verdict.rule);
}

/** Whether a tunnel must be opened here, because a rule or a credential is about what goes through it. */
export function looksInto({ egress, settings, authority }: Gate, place: Place): boolean {
  if (authority === null) return false;
  if (needsSight(egress.policy, place)) return true;
  const hasCredential = egress.credentials.some(({ places }) => isOneOf(places, place));
  return hasCredential && decideNetwork(egress.policy, { ...place, request: null }, settings.mirrors).allowed;
}

/** Whether the sandbox of such an egress has to trust an authority of its own. */
export function needsAuthority({ policy, credentials, judge }: SandboxEgress): boolean {
  return (
    judge !== undefined ||
    credentials.length > 0 ||
    policy.rules.some(({ methods, paths }) => (methods ?? paths) !== undefined)
  );
}

const advice: Partial<Record<NonNullable<NetworkRequest['refusal']>, string>> = {
  policy: 'Nothing was sent. Do not try another way; where a rule asks, ask for the host with request_scope.',
  no_rule: 'The role or the repo does not open this place to agents. Work without it, or ask a person.',
  odd_host: 'Write the host as a plain name.',
  unencrypted: 'Write the address with https.',
  private_address: 'Addresses of private networks are closed; the operator can name internal hosts.',
  unrecorded: 'Nothing leaves that is not in the log first. Try again in a moment.',
};

/** What the client is told: the same words as the record, and what to do. */
export function refusalText(error: DialError): string {
  return `Fleet refused this request: ${error.message}. ${advice[error.refusal] ?? ''}`.trim().concat('\n');
}

export function statusOf({ refusal }: DialError): number {
  if (refusal === 'malformed' || refusal === 'odd_host') return 400;
  if (refusal === 'unrecorded') return 503;
  return refusal === 'unresolved' || refusal === 'unreachable' ? 502 : 403;
}
