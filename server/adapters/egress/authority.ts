import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate authority that one sandbox trusts and nobody else; its key never leaves this process. */
export type Authority = { pem: string; contextFor(host: string): Promise<SecureContext> };

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const lifeMs = 30 * 24 * 3_600_000;
const skewMs = 24 * 3_600_000;

const makeKeys = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
const serialNumber = () => `01${randomBytes(15).toString('hex')}`;

/** Takes about 60 ms; a host's certificate once 20 ms. */
export async function makeAuthority(now: Date): Promise<Authority> {
  const keys = await makeKeys();
  const life = { notBefore: new Date(now.getTime() - skewMs), notAfter: new Date(now.getTime() + lifeMs) };
  const root = await X509CertificateGenerator.createSelfSigned({
    ...life,
    serialNumber: serialNumber(),
    name: 'CN=Fleet sandbox',
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const issue = async (host: string) => {
    const own = await makeKeys();
    const leaf = await X509CertificateGenerator.create({
      ...life,
      serialNumber: serialNumber(),
      // A common name has at most 64 characters; readers go by the alternative name.
      subject: `CN=${host.length <= 64 ? host : 'Fleet sandbox'}`,
      issuer: root.subject,
      signingAlgorithm: algorithm,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      extensions: [
        new BasicConstraintsExtension(false),
        new SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        await AuthorityKeyIdentifierExtension.create(root),
      ],
    });
    const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', own.privateKey)).toString('base64');
    const pem = `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----`;
    return createSecureContext({ key: pem, cert: leaf.toString('pem') });
  };
  const issued = new Map<string, Promise<SecureContext>>();
  return {
    pem: root.toString('pem'),
    contextFor: (host) => {
      const known = issued.get(host) ?? issue(host);
      issued.set(host, known);
      return known;
    },
  };
}
