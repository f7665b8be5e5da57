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
  const ran = await page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'window.name = "ran"';
    document.body.append(script);
    const holder = document.createElement('div');
    holder.innerHTML = '<img src="/nowhere" onerror="window.name = \'ran\'">';
    document.body.append(holder);
    await new Promise((resolve) => holder.firstElementChild?.addEventListener('error', resolve));
    return window.name;
  });
  expect(ran).toBe('');
});

test('a session is in a cookie that no script reads and no other site sends with a post', async ({ page, person }) => {
  expect(person.email).toContain('@');
  await page.goto('/');
  const cookies = (await page.context().cookies()).filter(({ name }) => name.includes('session-token'));
  expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Lax' }]);
  expect(await page.evaluate(() => document.cookie)).not.toContain('session-token');
});

test('what is no page runs and frames nothing', async ({ request }) => {
  const headers = (await request.get('/api/health')).headers();
  expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
});
