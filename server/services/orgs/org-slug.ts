/** First parts of paths that are Fleet's own, so that no org can stand in front of them. */
const reserved = new Set([
  ...['account', 'api', 'approve', 'health', 'installation', 'invitation', 'metrics', 'new', 'outbox'],
  ...['sign-in', 'sign-out', 'verify', 'welcome'],
]);

/** The slugs to try for an org's name, best first: `acme`, then `acme-2` … A name without ASCII letters becomes `org`. */
export function orgSlugs(name: string): string[] {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  const base = plain || 'org';
  const numbered = Array.from({ length: 98 }, (_, n) => `${base}-${n + 2}`);
  return reserved.has(base) ? numbered : [base, ...numbered];
}
