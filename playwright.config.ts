import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import { keepCompiled } from './scripts/keep-compiled.ts';

keepCompiled();

// The system's browser instead of Playwright's own download; it talks to loopback only.
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const args = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/setup/global-setup.ts',
  forbidOnly: true,
  fullyParallel: true,
  retries: 0,
  workers: 2,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    launchOptions: { ...(executablePath ? { executablePath } : {}), chromiumSandbox: false, args },
    contextOptions: { reducedMotion: 'reduce' },
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    // A trace of every test that is thrown away when it passes is a quarter of all the work: `--trace on` for one that fails.
    trace: 'off',
    screenshot: 'only-on-failure',
  },
});
