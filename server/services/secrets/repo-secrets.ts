import type { OrgDb } from '../../db/connect.ts';
import type { NetworkRule } from '../../domain/network/network-policy.ts';
import type { NetworkCredential } from '../../domain/ports/sandbox.ts';
import type { SecretBoxes } from '../../domain/ports/secret-box.ts';
import { readHeaderForm } from '../../domain/secrets/header-form.ts';
import { readSecretPlace, type NetworkSecretEntry } from '../../domain/secrets/network-secret.ts';
import { sealContext } from './seal-context.ts';

/** What sandboxes of one repo are given of the org's secrets. */
export type RepoSecrets = {
  /** Placeholders by variable: worth nothing but to the proxy of a sandbox. Another value of a secret has another one. */
  env: Record<string, string>;
  /** Those meant for runs, without what is secret of them. */
  inRuns: Pick<NetworkSecretEntry, 'name' | 'header' | 'places'>[];
  /** For a set-up: what its proxy puts in, and the places that are open for that alone. */
  forSetUp(): { credentials: NetworkCredential[]; rules: NetworkRule[] };
  /** For a run: what its proxy puts in where the role's rules or a grant let it go. */
  forRun(): NetworkCredential[];
};

export type ReadRepoSecrets = (repoId: string) => Promise<RepoSecrets>;

type Deps = { db: OrgDb; orgId: string; secretBoxes: SecretBoxes };

/** Read anew for each sandbox. What opens them throws `unavailable` for one that was sealed under another master key. */
export async function readRepoSecrets({ db, orgId, secretBoxes }: Deps, repoId: string): Promise<RepoSecrets> {
  const rows = await db.networkSecret.findMany({
    where: { orgId, OR: [{ repoId: null }, { repoId }] },
    orderBy: { name: 'asc' },
  });
  const secretBox = await secretBoxes.of(orgId);
  type Row = (typeof rows)[number];
  // The nonce of a sealing is no secret and like no other.
  const placeholder = ({ nonce }: Row) => `fleet-secret-${Buffer.from(nonce).toString('hex')}`;
  const open = (row: Row): NetworkCredential => ({
    name: row.name,
    placeholder: placeholder(row),
    value: secretBox.open(row, sealContext({ ...row, orgId })),
    form: readHeaderForm(row.header),
    places: row.places.map(readSecretPlace),
  });
  return {
    env: Object.fromEntries(rows.map((row) => [row.name, placeholder(row)])),
    inRuns: rows.filter(({ inRuns }) => inRuns).map(({ name, header, places }) => ({ name, header, places })),
    forSetUp() {
      const credentials = rows.filter(({ inSetUp }) => inSetUp).map(open);
      const places = credentials.flatMap((one) => one.places);
      return { credentials, rules: places.map(({ host, port }) => ({ host, ports: [port] })) };
    },
    forRun: () => rows.filter(({ inRuns }) => inRuns).map(open),
  };
}
