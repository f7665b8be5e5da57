import { browserActs } from './action.ts';
import type { Layer } from './policy.ts';
import { rule, type Rule } from './rule.ts';

const deny = (body: Record<string, unknown>): Rule => rule.parse({ ...body, then: 'deny' });
const ask = (body: Record<string, unknown>): Rule => rule.parse({ ...body, then: 'ask' });
const allow = (body: Record<string, unknown>): Rule => rule.parse({ ...body, then: 'allow' });

/** What holds in every org and nobody can loosen. */
export const platformFloor: Layer = {
  name: 'platform',
  limits: [
    deny({
      id: 'f1-git-internals',
      on: 'write',
      paths: ['@git'],
      why: 'it belongs to git itself; nobody writes there through Fleet.',
    }),
    deny({
      id: 'f2-own-branch-only',
      on: 'git',
      own: false,
      why: 'an agent pushes nothing but the branch of its run, and that through the hand-off.',
    }),
    deny({
      id: 'f2-no-force-no-tags',
      on: 'git',
      acts: ['force', 'tag', 'delete'],
      why: 'an agent sets no tags and rewrites nothing that was pushed.',
    }),
    deny({
      id: 'f3-private-network',
      on: 'network',
      places: ['private'],
      why: 'metadata services, the host and private networks are out of reach for agents.',
    }),
    deny({
      id: 'f4-rights',
      on: 'gate',
      gates: ['right'],
      why: 'an agent approves nothing, lets nobody in, and changes no role, policy or budget.',
    }),
    deny({ id: 'f5-secret-leaves', on: 'write', effects: ['secret-inside'], why: 'a secret would leave with it.' }),
    deny({ id: 'f7-model-not-listed', on: 'model', listed: false, why: 'the org has not put this model on its list.' }),
    ask({
      id: 'f8-unread',
      on: 'command',
      traits: ['unread'],
      why: 'a part of it was not read, and could hold anything.',
    }),
    deny({
      id: 'r1-secrets-read',
      on: 'read',
      paths: ['@secrets'],
      why: 'it may hold a secret; agents do not read such files.',
    }),
  ],
  defaults: [
    allow({ id: 'f-browser', on: 'browser', acts: [...browserActs] }),
    allow({ id: 'f-models', on: 'model', listed: true }),
    allow({ id: 'f-own-branch', on: 'git', acts: ['push'], own: true }),
    allow({ id: 'f-start', on: 'spend', what: ['start'], belowPercent: 100 }),
    ask({ id: 'f-merge', on: 'gate', gates: ['merge'], why: 'people merge.' }),
    ask({ id: 'f-scope', on: 'gate', gates: ['scope'], why: 'more files, hosts or commands are a person’s to give.' }),
    ask({ id: 'f-raise', on: 'spend', what: ['raise'], why: 'more budget is a person’s to give.' }),
  ],
  otherwise: { write: 'allow', read: 'allow', handoff: 'allow', command: 'ask', else: 'deny' },
};
