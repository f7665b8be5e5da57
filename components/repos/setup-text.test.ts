import { expect, it } from 'vitest';
import type { RepoSetup } from '../../server/domain/setup/repo-setup.ts';
import { listOf, readServices, readTests, servicesText, testsText } from './setup-text.ts';

it('more tests are read as they are shown', () => {
  const tests = [
    { paths: ['web/**', 'shared/**'], command: 'npm run test:web => twice' },
    { paths: ['api/**'], command: 'make api' },
  ];
  expect(readTests(testsText(tests))).toEqual(tests);
  expect(readTests('\n')).toEqual([]);
  expect(readTests('web/** npm test')).toBeNull();
});

it('services are read as they are shown', () => {
  const services: RepoSetup['services'] = [
    { name: 'db', port: 5432, command: 'postgres -D /tmp/db', image: null, env: {}, health: 'pg_isready -q' },
    { name: 'cache', port: 6379, command: null, image: 'redis:8', env: {}, health: null },
    {
      name: 'sql',
      port: 5433,
      command: null,
      image: 'postgres:18',
      env: { PGUSER: 'a', PGPASSWORD: 'b=c' },
      health: 'pg_isready',
    },
  ];
  expect(servicesText(services)).toBe(
    'db 5432 => postgres -D /tmp/db => pg_isready -q\ncache 6379 => image:redis:8\nsql 5433 => image:postgres:18 PGUSER=a PGPASSWORD=b=c => pg_isready',
  );
  expect(readServices(servicesText(services))).toEqual(services);
  expect(readServices('db => postgres')).toBeNull();
});

it('lists take lines and commas', () => {
  expect(listOf(' a.lock, b.lock\n\nc.lock ')).toEqual(['a.lock', 'b.lock', 'c.lock']);
});
