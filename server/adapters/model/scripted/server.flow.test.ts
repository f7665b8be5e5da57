import { expect, it } from 'vitest';
import { scriptedModel, scriptedPort } from './server.ts';

it('a request that stands in no script is told apart from a model that refuses', async () => {
  const server = await scriptedModel();
  try {
    const asked = scriptedPort(server).complete(
      {
        model: 'scripted',
        system: '',
        messages: [{ role: 'user', content: [{ type: 'text', text: 'Something else.' }] }],
        tools: [],
        maxTokens: 100,
      },
      { signal: new AbortController().signal },
    );
    await expect(asked).rejects.toMatchObject({ name: 'ModelError', fault: 'off_script' });
  } finally {
    await server.stop();
  }
});
