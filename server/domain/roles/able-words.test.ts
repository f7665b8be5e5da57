import { expect, it } from 'vitest';
import { ableWords } from './able-words.ts';
import { roleCatalogue } from './catalogue.ts';

it('names of what a sandbox would reach ports, methods and paths too', () => {
  const { body, agent } = roleCatalogue.find(({ name }) => name === 'developer')!;
  const rules = [
    { host: 'api.example.com', ports: [443, 8443], methods: ['GET' as const, 'POST' as const], paths: ['/v1/*'] },
    { host: '*.example.org', ports: [443] },
  ];
  const words = ableWords({ ...body, network: { registries: ['npm'], rules } }, agent);
  expect(words).toContain(
    'Its sandbox reaches `packages of npm`, `GET, POST to api.example.com:443,8443 at /v1/*`, `*.example.org:443`.',
  );
});
