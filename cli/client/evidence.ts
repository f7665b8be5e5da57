import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../server/domain/errors.ts';
import { readLogin } from './login-file.ts';

type Of = { file: string; print: (line: string) => void };

/** Fetches the evidence of a change, a run or a period and writes it to a file that is not there yet. */
export async function takeEvidence({ file, print }: Of, asked: Record<string, string>, to?: string): Promise<void> {
  const { url, org, key } = await readLogin(file);
  const response = await fetch(`${url}/api/orgs/${encodeURIComponent(org)}/evidence`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: new URLSearchParams(asked),
  });
  if (!response.ok || response.body === null) throw new AppError('unavailable', (await response.text()).trim());
  const [, named] = /filename="([\w.-]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? [];
  const target = to ?? named ?? 'evidence.zip';
  const written = createWriteStream(target, { flags: 'wx' });
  await pipeline(Readable.fromWeb(response.body as never), written).catch((error: Error) => {
    throw new AppError('unavailable', `${target} was not written: ${error.message}`);
  });
  print(`${target}    check it with: npx fleet verify ${target}`);
}
