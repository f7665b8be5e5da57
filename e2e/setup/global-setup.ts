import { fleetClient } from '../../cli/demo/client.ts';
import { signIn } from '../../cli/demo/sign-in.ts';
import type { RunningInstallation } from '../../server/boot/start-installation.ts';
import { github, githubApp } from '../doubles/github.ts';
import { gitHost } from '../doubles/git-host.ts';
import { messagesApi } from '../doubles/messages-api.ts';
import { nameServer } from '../doubles/name-server.ts';
import { dropHandover, writeHandover, type Handover } from './handover.ts';
import { keepApproving, moveIn } from './residents.ts';
import { signUp } from './sign-up.ts';
import { startBeside } from './start-beside.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);

type Around = Pick<Handover, 'gitUrl' | 'githubUrl' | 'namesUrl'>;

async function furnish(installation: RunningInstallation, around: Around): Promise<Handover> {
  const { url, dataDir } = installation;
  const operatorCookie = await signIn(await installation.ownerLink());
  const [first, second] = [await signUp({ url, operatorCookie }), await signUp({ url, operatorCookie })];
  const [merged, asked] = [await moveIn(first), await moveIn(second)];
  return { url, dataDir, operatorCookie, ...around, merged, asked };
}

/** Approves for the two residents while the tests run; a fault shows in the tests that wait for them, and here. */
function approveInBackground({ url, merged, asked }: Handover): () => Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  const of = (resident: Handover['merged'], kinds: string[]) =>
    keepApproving({ client: fleetClient({ url, cookie: resident.cookie }), resident, kinds, signal }).catch(
      (error: unknown) => void (signal.aborted || say(`A resident's approvals ended: ${String(error)}`)),
    );
  const both = Promise.all([of(merged, ['question', 'merge']), of(asked, ['question'])]);
  return async () => {
    stop.abort();
    await both;
  };
}

/** Starts the one installation that the tests share, with what stands around it. Returns what stops it all again. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const model = await messagesApi();
  const git = await gitHost();
  const hub = await github();
  const names = await nameServer();
  const began = performance.now();
  const closers: (() => Promise<void> | void)[] = [() => model.close(), () => git.close(), hub.close, names.close];
  const stop = async () => {
    dropHandover();
    for (const close of closers.toReversed()) await close();
  };
  try {
    const installation = await startBeside({
      anthropicBaseUrl: model.url,
      more: {
        GITHUB_CLIENT_ID: githubApp.id,
        GITHUB_CLIENT_SECRET: githubApp.secret,
        GITHUB_URL: hub.url,
        FLEET_DNS_SERVERS: names.address,
        // Where the webhooks of these tests are received.
        FLEET_INTERNAL_HOSTS: 'localhost',
      },
      say,
    });
    closers.push(() => installation.stop());
    const handover = await furnish(installation, { gitUrl: git.url, githubUrl: hub.url, namesUrl: names.url });
    closers.push(approveInBackground(handover));
    writeHandover(handover);
  } catch (error) {
    await stop();
    throw error;
  }
  say(`✓ installation for the browser tests, in ${Math.round(performance.now() - began)} ms\n`);
  return stop;
}
