import type { IncomingMessage } from 'node:http';
import { decideNetwork } from '../../domain/network/decide-network.ts';
import type { NetworkAsk } from '../../domain/ports/sandbox.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';
import { DialError } from './dial.ts';
import type { Attempt, Gate, Place } from './gate.ts';

/** More than any rule's measure: how much a body without a length holds is known when it has gone. */
const unmeasured = Number.MAX_SAFE_INTEGER;

const everyMethod = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

export function bytesOutOf({ headers }: IncomingMessage): number {
  if (headers['transfer-encoding'] !== undefined) return unmeasured;
  const length = Number(headers['content-length'] ?? 0);
  return Number.isSafeInteger(length) && length >= 0 ? length : unmeasured;
}

type Asked = Omit<NetworkAsk, 'registry'>;

async function answersTo({ egress, settings }: Gate, place: Place, asked: readonly Asked[]): Promise<Verdict[]> {
  const registries = { registries: egress.policy.registries, rules: [] };
  const registry = decideNetwork(registries, { ...place, request: null }, settings.mirrors).allowed;
  try {
    return await egress.judge!(asked.map((each) => ({ ...each, registry })));
  } catch {
    throw new DialError('unrecorded', 'what the policy says of it could not be read');
  }
}

function hold(tried: Attempt, verdict: Verdict): void {
  tried.verdict = verdict;
  if (verdict.verdict !== 'allow') throw new DialError('policy', `by rule ${verdict.rule}: ${verdict.reason}`);
}

/** Asks the layers of policy for one request that the role's list opens. Throws DialError `policy`. */
export async function judgeRequest(
  gate: Gate,
  tried: Attempt,
  { encrypted, bytesOut }: { encrypted: boolean; bytesOut: number },
): Promise<void> {
  if (gate.egress.judge === undefined) return;
  const { place, method, path } = tried;
  const url = `${encrypted ? 'https' : 'http'}://${place.host}:${place.port}${path ?? '/'}`;
  const [verdict] = await answersTo(gate, place, [{ url, method, bytesOut }]);
  hold(tried, verdict!);
}

/**
 * Whether a tunnel must be opened here, so that each request in it is judged: policy allows some of what it could hold and
 * not all. Throws DialError `policy` where it allows not even the least.
 */
export async function judgeTunnel(gate: Gate, tried: Attempt): Promise<{ look: boolean }> {
  if (gate.egress.judge === undefined) return { look: false };
  const { place } = tried;
  const url = `https://${place.host}:${place.port}/`;
  const [least, ...most] = await answersTo(gate, place, [
    { url, method: 'GET', bytesOut: 0 },
    ...everyMethod.map((method) => ({ url, method, bytesOut: unmeasured })),
  ]);
  hold(tried, least!);
  return { look: most.some(({ verdict }) => verdict !== 'allow') };
}
