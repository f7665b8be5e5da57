import { all, type Row } from './cell.ts';

/** Rows about commands, the network, tools, money and gates. */
export const otherRows: Row[] = [
  { body: { id: 's1-repo-commands', on: 'command', traits: ['repo-command'] }, cells: all('A') },
  { body: { id: 's2-tool-chain', on: 'command', traits: ['tool-chain'], offline: true }, cells: all('A') },
  {
    body: {
      id: 's3-download-and-run',
      on: 'command',
      traits: ['download-and-run'],
      why: 'it runs what was just downloaded, which nobody has looked at.',
    },
    cells: ['D', 'K lead', 'K lead'],
  },
  {
    body: {
      id: 's4-unreadable',
      on: 'command',
      traits: ['unreadable'],
      why: 'what it does cannot be told from its text.',
    },
    cells: ['K requester', 'K requester', null],
  },
  {
    body: {
      id: 's4-unreadable',
      on: 'command',
      traits: ['unreadable'],
      offline: false,
      why: 'what it does cannot be told from its text, and it has a network.',
    },
    cells: [null, null, 'K requester'],
  },
  {
    body: {
      id: 's5-git-settings',
      on: 'command',
      traits: ['git-config'],
      why: 'git’s settings, hooks, remotes and credentials are the platform’s.',
    },
    limit: true,
    cells: all('D'),
  },
  {
    body: {
      id: 's6-publishing',
      on: 'command',
      traits: ['publishes'],
      why: 'it would publish something, or speak in somebody’s name, outside the pull request.',
    },
    limit: true,
    cells: ['D', 'K lead', 'K lead'],
  },
  {
    body: {
      id: 'n1-registries',
      on: 'network',
      places: ['registry'],
      methods: ['GET', 'HEAD'],
      why: 'packages are fetched in the set-up.',
    },
    cells: ['D', 'A', 'A'],
  },
  {
    body: { id: 'n2-listed-host', on: 'network', places: ['listed'], methods: ['GET', 'HEAD'] },
    cells: ['K lead', 'A', 'A'],
  },
  {
    body: { id: 'n3-other-host', on: 'network', places: ['other'], why: 'no list of this role names the host.' },
    cells: ['D', 'K lead', 'K lead'],
  },
  {
    body: { id: 'n4-sends', on: 'network', notMethods: ['GET', 'HEAD'], why: 'it sends something out.' },
    cells: ['D', 'K lead', 'K lead'],
  },
  {
    body: { id: 'n4-much-out', on: 'network', moreThanBytes: 65_536, why: 'it sends more than 64 KB out.' },
    cells: ['D', 'K lead', 'K lead'],
  },
  {
    body: {
      id: 'n5-after-both',
      on: 'network',
      places: ['listed', 'other'],
      tainted: true,
      why: 'this run has read text from outside and private data.',
    },
    limit: true,
    cells: ['D', 'K two', 'K lead'],
  },
  { body: { id: 'm1-reads', on: 'mcp', effects: ['reads'] }, cells: ['K requester', 'A', 'A'] },
  { body: { id: 'm1-writes', on: 'mcp', effects: ['writes'] }, cells: ['K requester', 'K requester', 'A'] },
  {
    body: { id: 'm1-destroys', on: 'mcp', effects: ['destroys'], why: 'it can destroy.' },
    cells: ['D', 'K lead', 'K lead'],
  },
  {
    body: { id: 'm2-changed', on: 'mcp', changed: true, why: 'its definition is not the one that was approved.' },
    limit: true,
    cells: all('D'),
  },
  { body: { id: 'e1-own', on: 'external', what: ['draft-pr', 'check', 'own-comment'] }, cells: all('A') },
  { body: { id: 'e2-threads', on: 'external', what: ['reply', 'label'] }, cells: ['K requester', 'A', 'A'] },
  { body: { id: 'e3-issues', on: 'external', what: ['issue'] }, cells: ['K requester', 'A', 'A'] },
  {
    body: {
      id: 'e3-many-issues',
      on: 'external',
      what: ['issue'],
      moreThan: 3,
      why: 'it has filed three in this run.',
    },
    cells: [null, 'K requester', null],
  },
  {
    body: { id: 'e3-many-issues', on: 'external', what: ['issue'], moreThan: 10, why: 'it has filed ten in this run.' },
    cells: [null, null, 'K requester'],
  },
  {
    body: {
      id: 'x1-scope',
      on: 'gate',
      gates: ['scope'],
      slight: false,
      why: 'more files, hosts or commands are a person’s to give.',
    },
    cells: ['K lead', 'K requester', 'K requester'],
  },
  {
    body: { id: 'x1-slight-scope', on: 'gate', gates: ['scope'], slight: true },
    cells: ['K lead', 'K requester', 'A'],
  },
  {
    body: { id: 'b1-raise', on: 'spend', what: ['raise'], progress: false, why: 'more budget is a person’s to give.' },
    cells: ['K lead', 'K requester', 'K requester'],
  },
  {
    body: { id: 'b1-raise-with-progress', on: 'spend', what: ['raise'], progress: true },
    cells: ['K lead', 'K requester', 'A'],
  },
  {
    body: {
      id: 'b1-raise-far',
      on: 'spend',
      what: ['raise'],
      moreThanTimes: 2,
      why: 'it would more than double the budget.',
    },
    cells: ['K lead', 'K lead', 'K requester'],
  },
  {
    body: {
      id: 'b2-month',
      on: 'spend',
      what: ['start'],
      fromPercent: 80,
      belowPercent: 100,
      why: 'most of the month’s budget is used.',
    },
    cells: ['K lead', 'A', 'A'],
  },
  {
    body: {
      id: 'b2-month-used',
      on: 'spend',
      what: ['start'],
      fromPercent: 100,
      why: 'the month’s budget is used up.',
    },
    cells: all('D'),
  },
  {
    body: { id: 't1-off-hours', on: 'spend', what: ['start'], offHours: true, why: 'it is outside working hours.' },
    cells: ['K lead', 'A', 'A'],
  },
  { body: { id: 't1-start', on: 'spend', what: ['start'], belowPercent: 80, offHours: false }, cells: all('A') },
  {
    body: { id: 'q1-conduct', on: 'external', conduct: ['high'], why: 'this run has behaved badly.' },
    cells: all('K lead'),
  },
  {
    body: { id: 'q2-critical', on: 'external', conduct: ['critical'], why: 'this run is in quarantine.' },
    limit: true,
    cells: all('D'),
  },
  {
    body: {
      id: 'g1-plan',
      on: 'gate',
      gates: ['plan'],
      large: true,
      why: 'a person reads the plan before the first write.',
    },
    cells: ['K requester', 'K requester', 'A'],
  },
  { body: { id: 'g1-small-plan', on: 'gate', gates: ['plan'], large: false }, cells: ['K requester', 'A', 'A'] },
  {
    body: { id: 'g2-merge', on: 'gate', gates: ['merge'], why: 'people merge.' },
    limit: true,
    cells: ['K two', 'K lead', 'K requester'],
  },
];
