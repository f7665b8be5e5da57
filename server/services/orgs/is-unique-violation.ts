/** True when a write met a row with the same unique key (Prisma P2002): somebody else was first. */
export function isUniqueViolation(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2002';
}
