import { existsSync } from 'node:fs';
import { chromium, type Page } from '@playwright/test';
import { createInstallationLink } from '../../cli/owner-link.ts';
import { probeSandbox } from '../../cli/probe-sandbox.ts';
import { processEnvironment } from '../../server/config/config.ts';
import { ensureBuild } from '../../server/boot/build.ts';
import { installationChildren } from '../../server/boot/installation-children.ts';
import { startInstallation } from '../../server/boot/start-installation.ts';
import { openDatabase, type Database } from '../../server/db/connect.ts';
import { signedInCookie } from '../../server/api/testing/sign-in.ts';
import { openBenchFolder } from '../database.ts';
import type { Closing } from '../harness.ts';

const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The production build behind Next's own server, and a database; no worker, so that nobody takes the run. */
export async function openWebOnly(closing: Closing): Promise<{ url: string; database: Database }> {
  const { dataDir } = openBenchFolder(closing);
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const env = { ...processEnvironment(), ANTHROPIC_API_KEY: undefined };
  const signal = new AbortController().signal;
  await ensureBuild({ root: process.cwd(), env, logFile: `${dataDir}/build.log`, say, signal });
  const running = await startInstallation({
    ...{ env, dataDir, freePorts: true, onProgress: say, probeSandbox, createOwnerLink: createInstallationLink },
    children: (wiring) => installationChildren(wiring).filter(({ name }) => name === 'web'),
  });
  closing(() => running.stop());
  const database = openDatabase({ appUrl: running.appUrl, max: 4 });
  closing(() => database.close());
  return { url: running.url, database };
}

/** A browser in which the person is signed in. */
export async function openBrowser(
  closing: Closing,
  { url, database, userId }: { url: string; database: Database; userId: string },
): Promise<() => Promise<Page>> {
  const executablePath = browsers.find(existsSync);
  const args = ['--disable-gpu', '--disable-background-networking', '--disable-sync'];
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    chromiumSandbox: false,
    args,
  });
  closing(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  const [name = '', value = ''] = (await signedInCookie(database, userId)).split('=');
  await context.addCookies([{ name, value, url }]);
  return () => context.newPage();
}
