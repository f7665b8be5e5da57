import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { sandboxLimits } from '../../../domain/checks/limits.ts';
import { sandboxBrowser } from '../browser/browser.ts';
import { openBench } from '../contract-bench.ts';
import { dockerSandbox } from './docker.ts';
import { podmanEngine } from './testing/podman-engine.ts';

const { address, image, stop } = await podmanEngine();
afterAll(stop);
const seen = 'where this machine has Chromium its image has it too, and an agent sees the page its task serves';

if (existsSync('/usr/bin/chromium')) {
  test(seen, async () => {
    const bench = await openBench(dockerSandbox({ engine: address, image, installation: randomUUID() }), {
      limits: sandboxLimits,
    });
    const serve = `node -e "require('http').createServer((_, r) => r.setHeader('content-type', 'text/html').end('<h1>Hello</h1>')).listen(8000)"`;
    await bench.sandbox.start({ command: serve, maxOutputBytes: 1_000 });
    await bench.run('until (exec 3<>/dev/tcp/127.0.0.1/8000) 2>/dev/null; do sleep 0.1; done');
    const signal = new AbortController().signal;
    const page = await sandboxBrowser(bench.sandbox).ask({ act: 'open', url: 'http://127.0.0.1:8000/' }, signal);
    await bench.close();
    expect(page).toMatchObject({ kind: 'page', status: 200, text: 'Hello' });
  });
} else {
  const how = 'this machine has no /usr/bin/chromium: apt-get install -y chromium';
  process.stdout.write(`A browser in containers: NOT RUN, ${how}.\n`);
  test.skip(`${seen}: NOT RUN, ${how}`, () => undefined);
}
