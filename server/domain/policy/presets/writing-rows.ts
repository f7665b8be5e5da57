import { all, type Row } from './cell.ts';

/** Rows about files and hand-offs. */
export const writingRows: Row[] = [
  {
    body: {
      id: 'w3-test-weakened',
      on: 'write',
      effects: ['test-weakened'],
      why: 'a test would be removed, skipped, loosened or recorded anew.',
    },
    limit: true,
    cells: ['D', 'K lead', 'K lead'],
  },
  { body: { id: 'w4-test-added', on: 'write', effects: ['test-added'] }, cells: all('A') },
  {
    body: {
      id: 'w5-manifest-version',
      on: 'write',
      paths: ['@manifests'],
      effects: ['version-changed'],
      why: 'the version of a dependency changes.',
    },
    cells: ['K lead', 'K lead', 'A'],
  },
  {
    body: {
      id: 'w6-new-dependency',
      on: 'write',
      paths: ['@manifests'],
      effects: ['new-dependency'],
      why: 'a dependency, another source of one or an install script is new.',
    },
    limit: true,
    cells: all('K lead'),
  },
  {
    body: {
      id: 'w7-lockfile-by-hand',
      on: 'write',
      paths: ['@lockfiles'],
      ways: ['tool'],
      why: 'lockfiles are written by the package manager.',
    },
    cells: ['D', 'K lead', 'K lead'],
  },
  {
    body: { id: 'w7-lockfile-by-command', on: 'write', paths: ['@lockfiles'], ways: ['command', 'commit'] },
    cells: all('A'),
  },
  {
    body: { id: 'w8-migrations', on: 'write', paths: ['@migrations'], why: 'migrations change data that stays.' },
    cells: all('K owner'),
  },
  {
    body: {
      id: 'w9-destructive-migration',
      on: 'write',
      paths: ['@migrations'],
      effects: ['destructive-migration'],
      why: 'this migration drops, truncates or rewrites.',
    },
    limit: true,
    cells: ['D', 'K two', 'K two'],
  },
  {
    body: { id: 'w10-ci', on: 'write', paths: ['@ci'], why: 'it says what runs on the code host.' },
    limit: true,
    cells: ['D', 'K owner', 'K owner'],
  },
  {
    body: { id: 'w11-infra', on: 'write', paths: ['@infra'], why: 'it says what runs in production.' },
    limit: true,
    cells: ['D', 'K owner', 'K owner'],
  },
  {
    body: { id: 'w12-owners', on: 'write', paths: ['@owners', '.fleet/**'], why: 'it says who decides.' },
    limit: true,
    cells: all('D'),
  },
  {
    body: {
      id: 'w13-agent-config',
      on: 'write',
      paths: ['@agent-config'],
      except: ['.fleet/**'],
      why: 'it tells agents and tools what to do.',
    },
    limit: true,
    cells: ['D', 'K lead', 'K lead'],
  },
  {
    body: {
      id: 'w14-sensitive-code',
      on: 'write',
      paths: ['@auth', '@money', '@public-api'],
      why: 'it is about rights, money or what others build on.',
    },
    cells: ['K owner', 'A', 'A'],
  },
  {
    body: {
      id: 'w15-generated-by-hand',
      on: 'write',
      paths: ['@generated'],
      ways: ['tool'],
      why: 'generated files are made by a command.',
    },
    cells: ['D', 'D', 'K lead'],
  },
  {
    body: { id: 'w15-generated-by-command', on: 'write', paths: ['@generated'], ways: ['command', 'commit'] },
    cells: all('A'),
  },
  {
    body: {
      id: 'w16-large-change',
      on: 'handoff',
      moreThanLines: 400,
      moreThanFiles: 20,
      why: 'the change has grown large.',
    },
    cells: ['K requester', null, null],
  },
  {
    body: {
      id: 'w16-large-change',
      on: 'handoff',
      moreThanLines: 800,
      moreThanFiles: 40,
      why: 'the change has grown large.',
    },
    cells: [null, 'K requester', null],
  },
  {
    body: {
      id: 'w16-large-change',
      on: 'handoff',
      moreThanLines: 2_000,
      moreThanFiles: 100,
      why: 'the change has grown large.',
    },
    cells: [null, null, 'K requester'],
  },
];
