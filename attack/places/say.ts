import type { Case } from '../case.ts';
import type { EgressPlace } from './egress-place.ts';

/** Says bytes to the proxy and prints what comes back. */
export const say = (bytes: string) =>
  `exec 3<>/dev/tcp/127.0.0.1/3128; echo ${Buffer.from(bytes, 'latin1').toString('base64')} | base64 -d >&3; timeout 10 cat <&3; echo; echo end`;

export const request = (url: string, host: string, { method = 'GET', more = '' } = {}) =>
  `${method} ${url} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`;

export type Bytes = (place: EgressPlace) => string;
type SayCase = {
  id: string;
  tries: string;
  bytes: Bytes;
  answer: RegExp;
  denial: string;
  twin?: Case<EgressPlace>['twin'];
};

export const fetches = (
  does: string,
  url: (place: EgressPlace) => string,
  answer = /^exited 0\necho \//u,
): Case<EgressPlace>['twin'] => ({
  does,
  run: (place) => place.confined.run(`curl -sS -m 10 ${url(place)}`),
  answer,
});
export const honest = fetches('fetch from an allowed host', ({ port }) => `http://allowed.test:${port}/a?b=c`);

export const sayCase = ({ id, tries, bytes, answer, denial, twin = honest }: SayCase): Case<EgressPlace> => ({
  id,
  tries,
  attack: (place) => place.confined.run(say(bytes(place))),
  answer,
  denial,
  twin,
});

export const forbidden = /HTTP\/1\.1 403 .*Fleet refused this request/su;
export const bad = /HTTP\/1\.1 400 /u;
