import { expect, it } from 'vitest';
import { formOf } from './handle-auth.ts';

const form = 'application/x-www-form-urlencoded';
const posted = (body: ReadableStream | string, headers: Record<string, string> = {}) =>
  new Request('http://fleet.example/x', {
    method: 'POST',
    body,
    headers: { 'content-type': form, ...headers },
    ...{ duplex: 'half' as const },
  });

it('a body without an end is read no further than a form can be', async () => {
  let given = 0;
  const endless = new ReadableStream({
    pull(controller) {
      given += 1_000;
      controller.enqueue(new TextEncoder().encode('a='.repeat(500)));
    },
  });
  expect(await formOf(posted(endless))).toEqual({});
  expect(given).toBeLessThan(30_000);
});

it('a body that says it is too large is not read at all', async () => {
  let pulled = false;
  const body = new ReadableStream(
    { pull: (controller) => ((pulled = true), controller.close()) },
    { highWaterMark: 0 },
  );
  expect(await formOf(posted(body, { 'content-length': '20001' }))).toEqual({});
  expect(pulled).toBe(false);
});

it('what fits is read, letters of several bytes in two parts included', async () => {
  const bytes = new TextEncoder().encode(`email=${encodeURIComponent('a@b.example')}&name=é`);
  const parts = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes.slice(0, -1));
      controller.enqueue(bytes.slice(-1));
      controller.close();
    },
  });
  expect(await formOf(posted(parts))).toEqual({ email: 'a@b.example', name: 'é' });
});
