import { expect, test } from 'vitest';
import { AppError } from '../../../domain/errors.ts';
import { engineFault, isGone } from './engine-fault.ts';

const address = { name: 'build-host', url: 'https://10.0.0.5:2376', tls: null };
const socket = { name: 'here', url: 'unix:///run/podman/podman.sock', tls: null };
const raw = (over: object) => Object.assign(new Error('said'), over);

test.each([
  [
    raw({ code: 'ECONNREFUSED' }),
    address,
    /not reachable: is it running\? Look with: npx fleet engine test build-host/u,
  ],
  [raw({ code: 'ENOENT' }), socket, /systemctl start podman\.socket/u],
  [raw({ code: 'EACCES' }), socket, /group that owns the socket/u],
  [raw({ code: 'ECONNRESET' }), address, /connection was cut/u],
  [raw({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), address, /TLS does not fit[^]*--ca ca\.pem/u],
  [raw({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), address, /TLS does not fit/u],
  [raw({ statusCode: 400, message: 'Client sent an HTTP request to an HTTPS server.' }), address, /TLS does not fit/u],
  [new DOMException('no answer in 60 s', 'TimeoutError'), address, /did not answer in time/u],
  [raw({ statusCode: 500, json: { message: 'write /x: no space left on device' } }), address, /disk is full[^]*prune/u],
  [
    raw({ statusCode: 404, json: { message: 'no such image: sha256:1' } }),
    address,
    /image is missing[^]*fleet engine image build-host/u,
  ],
])('%s', (error, engine, advice) => {
  const fault = engineFault(error, engine, 'make a container');
  expect(fault).toMatchObject({ code: 'sandbox_unavailable' });
  expect(fault.message).toContain(`The container engine ${engine.name} (${engine.url}) could not make a container: `);
  expect(fault.message).toMatch(advice);
});

test('other faults get no advice that does not fit, and what was said already is not said twice', () => {
  const fault = engineFault(raw({ statusCode: 500, json: { message: 'odd' } }), address, 'start a container');
  expect(fault.message).not.toContain('\n');
  expect(engineFault(fault, address, 'do more')).toBe(fault);
});

test('what is gone or going is no fault of a clean-up', () => {
  expect([404, 409, 304, 500].map((statusCode) => isGone(engineFault(raw({ statusCode }), address, 'x')))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(isGone(new AppError('sandbox_unavailable', 'x'))).toBe(false);
});
