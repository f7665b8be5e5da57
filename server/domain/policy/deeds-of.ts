import ipaddr from 'ipaddr.js';
import { decideNetwork, matchesHost } from '../network/decide-network.ts';
import type { NetworkPolicy } from '../network/network-policy.ts';
import type { Action } from './action.ts';
import type { Deed, NetworkPlace } from './deed.ts';
import { effectsOf } from './effects.ts';
import { readScript, type ShellFacts } from './shell/read-script.ts';

export type ActionFacts = { shell: ShellFacts; network: NetworkPolicy };

const nothingOpen: NetworkPolicy = { registries: [], rules: [] };

/** Nothing is known of the repository, and nothing can be reached. */
export const noFacts: ActionFacts = { shell: { own: [], offline: true, downloaded: new Set() }, network: nothingOpen };

const innerNames = /(?:^|\.)(?:localhost|internal|local|metadata|metadata\.google)$/u;

/** An address or name that lies inside somebody's network. */
function isPrivate(hostname: string): boolean {
  const host = hostname
    .replace(/^\[|\]$/gu, '')
    .replace(/\.$/u, '')
    .toLowerCase();
  if (!ipaddr.isValid(host)) return innerNames.test(host);
  return ipaddr.process(host).range() !== 'unicast';
}

/** Names that no list of a role opens, whatever an operator says of internal hosts. */
const neverListed = /(?:^|\.)(?:localhost|metadata|metadata\.google(?:\.internal)?)$/u;

function placeOf(url: URL, method: string, { network }: ActionFacts): NetworkPlace {
  const host = url.hostname.toLowerCase();
  if (isPrivate(host) && (neverListed.test(host) || !isNamed(host, network))) return 'private';
  const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
  const request = { method, path: url.pathname + url.search };
  const open = (policy: NetworkPolicy) => decideNetwork(policy, { host, port, request }).allowed;
  if (open({ ...network, rules: [] })) return 'registry';
  return open(network) ? 'listed' : 'other';
}

/** An inner name that a role's list holds; the proxy looks at its addresses besides. */
const isNamed = (host: string, { rules }: NetworkPolicy) => rules.some((rule) => matchesHost(rule.host, host));

function fetching(action: Action & { kind: 'fetch' }, facts: ActionFacts): Deed[] {
  const { url: written, method = 'GET', bytesOut = 0, tainted = false, registry = false } = action;
  const url = URL.parse(written);
  const place = registry ? 'registry' : url === null ? 'other' : placeOf(url, method, facts);
  return [{ on: 'network', host: url?.hostname.toLowerCase() ?? written, method, place, bytesOut, tainted }];
}

type Kinds = { [K in Action['kind']]: (action: Extract<Action, { kind: K }>, facts: ActionFacts) => Deed[] };

/** An action that is within the conversation, or that the sandbox holds, is no deed of its own. */
const none = () => [];

const kinds: Kinds = {
  shell: ({ command }, { shell }) => readScript(command, shell).deeds,
  file_read: ({ path }) => [{ on: 'read', path }],
  file_write: ({ path, way = 'tool', edit }) => [
    { on: 'write', path, way, effects: edit === undefined ? [] : effectsOf(path, edit) },
  ],
  fetch: fetching,
  git_ref: ({ act, ref, own }) => [{ on: 'git', act, ref, own }],
  mcp_call: ({ server, tool, effect, changed }) => [{ on: 'mcp', tool: `${server}/${tool}`, effect, changed }],
  external_write: ({ what, nth, conduct }) => [{ on: 'external', what, nth, conduct }],
  spend: ({ what, times = 1, percent = 0, progress = false, offHours = false }) => [
    { on: 'spend', what, times, percent, progress, offHours },
  ],
  browser: ({ act }) => [{ on: 'browser', act }],
  model_call: ({ provider, model, listed }) => [{ on: 'model', model: `${provider}/${model}`, listed }],
  gate: ({ kind: _kind, ...gate }) => [{ on: 'gate', ...gate }],
  handoff: ({ lines = 0, files = 0 }) => [{ on: 'handoff', lines, files }],
  own_output: none,
  own_job: none,
  plan: none,
  claim_paths: none,
  delegate: none,
  report: none,
  decide: none,
  ask_person: none,
};

/** All that an action would do. Paths are in normal form already. */
export function deedsOf(action: Action, facts: ActionFacts): Deed[] {
  return (kinds[action.kind] as (action: Action, facts: ActionFacts) => Deed[])(action, facts);
}
