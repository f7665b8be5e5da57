import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 24 * 3_600_000;

type Pair = { cert: string; key: string };
export type TestAuthority = { pem: string; issue(name: string): Promise<Pair> };

/** A certificate authority whose certificates are good for servers and clients alike. */
export async function testAuthority(): Promise<TestAuthority> {
  const make = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const keys = await make();
  const now = Date.now();
  const life = { notBefore: new Date(now - dayMs), notAfter: new Date(now + dayMs), signingAlgorithm: algorithm };
  const serialNumber = () => `01${randomBytes(15).toString('hex')}`;
  const extensions = [new BasicConstraintsExtension(true, 0, true)];
  const root = await X509CertificateGenerator.createSelfSigned({
    ...{ ...life, serialNumber: serialNumber(), name: 'CN=Test engines', keys, extensions },
  });
  const issue = async (name: string) => {
    const own = await make();
    const leaf: X509Certificate = await X509CertificateGenerator.create({
      ...life,
      serialNumber: serialNumber(),
      subject: `CN=${name}`,
      issuer: root.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      extensions: [
        new SubjectAlternativeNameExtension([{ type: 'dns', value: name }]),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      ],
    });
    const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', own.privateKey)).toString('base64');
    return { cert: leaf.toString('pem'), key: `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n` };
  };
  return { pem: root.toString('pem'), issue };
}

export type TlsFront = { url: string; port: number; cut(): void; close(): Promise<void> };

/** What stands before an engine that others reach: it speaks TLS to those who show a certificate of the authority. */
export async function tlsFront(engineUrl: string, authority: TestAuthority): Promise<TlsFront> {
  const { hostname, port } = new URL(engineUrl);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
  };
  const own = await authority.issue('localhost');
  const server = createServer(
    { ...own, ca: authority.pem, requestCert: true, rejectUnauthorized: true, allowHalfOpen: true } as object,
    (inner) => {
      const outer = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
      [inner, outer].forEach(keep);
      inner.pipe(outer).pipe(inner);
      inner.once('close', () => outer.destroy());
      outer.once('close', () => inner.destroy());
    },
  );
  server.on('connection', keep);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = (server.address() as AddressInfo).port;
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: `https://localhost:${at}`,
    port: at,
    cut,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      cut();
      await closed;
    },
  };
}
