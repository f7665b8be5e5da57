import { expect, test } from './test.ts';

const nonceOf = (policy: string) => /'nonce-([^']+)'/.exec(policy)?.[1];

test('a page runs its own scripts and no other, and is framed by nobody', async ({ page, errors }) => {
  errors.allow(/Content Security Policy|violates the following/);
  const nonces = new Set<string | undefined>();
  for (let load = 0; load < 2; load += 1) {
    const response = await page.goto('/sign-in');
    const headers = response?.headers() ?? {};
    const policy = headers['content-security-policy'] ?? '';
    nonces.add(nonceOf(policy));
    expect(policy).toContain("frame-ancestors 'none'");
    expect(/script-src[^;]*/.exec(policy)?.[0]).not.toContain('unsafe');
    expect(headers['strict-transport-security']).toBeUndefined();
    const scripts = (await response?.text())?.match(/<script[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(3);
    for (const script of scripts) expect(script).toContain(`nonce="${nonceOf(policy)}"`);
  }
  expect(nonces.size).toBe(2);
  await expect(page.getByRole('button', { name: 'Send sign-in link' })).toBeVisible();
  const made = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.name = "ran"';
    document.body.append(script);
    return window.name;
  });
  expect(made).toBe('');
});

test('what got into the text of a page does not run', async ({ page, errors }) => {
  errors.allow(/Content Security Policy|violates the following|status of 404|Minified React error/);
  await page.route('**/sign-in', async (route) => {
    const response = await route.fetch();
    const foreign = `<script>window.name = 'ran'</script><img src="/nowhere" onerror="window.name = 'ran'">`;
    await route.fulfill({ response, body: (await response.text()).replace('</body>', `${foreign}</body>`) });
  });
  await page.goto('/sign-in');
  await page.waitForLoadState('load');
  expect(await page.content()).toContain('/nowhere');
  expect(await page.evaluate(() => window.name)).toBe('');
});

test('what is no page runs and frames nothing', async ({ request }) => {
  const headers = (await request.get('/api/health')).headers();
  expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
});
