import { AppError } from '../../../domain/errors.ts';
import type { EngineAddress } from './engine.ts';

type Raw = { code?: unknown; name?: unknown; message?: unknown; statusCode?: unknown; json?: { message?: unknown } };

const unreachable = ['ECONNREFUSED', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'];
const broken = ['ECONNRESET', 'EPIPE', 'ECONNABORTED'];
const certificates = /CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)|ALTNAME|^ERR_(?:SSL|TLS|OSSL)|^EPROTO/u;

/** An engine's failure as people read it: what could not be done, with which engine, and what to do about it. */
export function engineFault(error: unknown, address: EngineAddress, what: string): AppError {
  if (error instanceof AppError) return error;
  const raw = (typeof error === 'object' && error !== null ? error : { message: error }) as Raw;
  const said = String(raw.json?.message ?? raw.message ?? 'no reason given').trim();
  const text = `The container engine ${address.name} (${address.url}) could not ${what}: ${said}`;
  const advice = adviceFor(raw, said, address);
  const status = typeof raw.statusCode === 'number' ? raw.statusCode : null;
  return new AppError('sandbox_unavailable', advice === '' ? text : `${text}\n${advice}`, { status });
}

type Advice = {
  fits(raw: { code: string; name: unknown; status: unknown; said: string }): boolean;
  text(engine: EngineAddress): string;
};

const advices: Advice[] = [
  {
    fits: ({ code, said }) =>
      certificates.test(code) || /certificate|SSL routines|HTTP request to an HTTPS/iu.test(said),
    text: ({ name, url }) =>
      `TLS does not fit. Set its certificate authority and this side's certificate and key again: npx fleet engine add ${name} --url ${url} --ca ca.pem --cert cert.pem --key key.pem`,
  },
  {
    fits: ({ code }) => code === 'EACCES' || code === 'EPERM',
    text: ({ url }) =>
      `This user may not open ${url}: add it to the group that owns the socket, or use a rootless engine of its own.`,
  },
  {
    fits: ({ name, code }) => name === 'TimeoutError' || code === 'ABORT_ERR',
    text: () => 'It did not answer in time: is it up, and is the network between here and there?',
  },
  {
    fits: ({ code }) => unreachable.includes(code),
    text: ({ name, url }) =>
      `It is not reachable: is it running?${url.startsWith('unix:') ? howToStart : ''} Look with: npx fleet engine test ${name}`,
  },
  {
    fits: ({ code }) => broken.includes(code),
    text: () => 'The connection was cut. What its sandboxes did since the last turn may be lost.',
  },
  {
    fits: ({ said }) => /no space left|disk quota exceeded/iu.test(said),
    text: () =>
      'Its disk is full. What no sandbox uses is cleared there with: podman system prune, or docker system prune',
  },
  {
    fits: ({ status, said }) => status === 404 && /image/iu.test(said),
    text: ({ name }) => `Its sandbox image is missing. Make it again with: npx fleet engine image ${name}`,
  },
];

const howToStart = ' For Podman: systemctl start podman.socket; for Docker: systemctl start docker.';

function adviceFor({ code, name, statusCode: status }: Raw, said: string, address: EngineAddress): string {
  const fault = { code: typeof code === 'string' ? code : '', name, status, said };
  return advices.find((one) => one.fits(fault))?.text(address) ?? '';
}

/** What a repeated or late clean-up meets: the thing is gone or going already. */
export function isGone(error: unknown): boolean {
  const status = error instanceof AppError ? error.detail.status : null;
  return status === 404 || status === 409 || status === 304;
}
