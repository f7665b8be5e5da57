import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { processEnvironment } from '../../server/config/config.ts';
import { localPlace } from '../../server/domain/engines/engine-settings.ts';
import { AppError } from '../../server/domain/errors.ts';
import { addEngine, setImage, usePlace } from '../engine.ts';

const name = 'demo';

/** Lets a fresh installation make its sandboxes at `where`: `local`, `podman`, `docker` or an engine's address. */
export async function engineForDemo(dataDir: string, where: string, print: (line: string) => void): Promise<void> {
  if (where === localPlace) return;
  const url = where.includes('://') ? where : socketOf(where);
  const of = { dataDir, print };
  await addEngine(of, name, { url });
  await setImage(of, name, { compilers: false });
  await usePlace(of, name, undefined);
}

function socketOf(product: string): string {
  const own = processEnvironment().XDG_RUNTIME_DIR;
  const folders = product === 'podman' ? [...(own ? [own] : []), '/run'].map((folder) => join(folder, 'podman')) : [];
  const sockets =
    product === 'docker' ? ['/var/run/docker.sock'] : folders.map((folder) => join(folder, 'podman.sock'));
  const found = sockets.find((socket) => existsSync(socket));
  if (found !== undefined) return `unix://${found}`;
  const start = product === 'podman' ? 'systemctl start podman.socket' : 'systemctl start docker';
  const looked = sockets.length === 0 ? 'that is no product Fleet knows' : `there is no ${sockets.join(' and no ')}`;
  throw new AppError(
    'sandbox_unavailable',
    `No engine ${product} was found: ${looked}. Start one (${start}), or give its address: --sandbox tcp://127.0.0.1:2375`,
  );
}
