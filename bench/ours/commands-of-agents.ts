import { drawing } from '../../server/domain/redaction/testing/sample-secrets.ts';

/** Commands as agents write them, no two alike. */
export function commandsOf({ count, seed }: { count: number; seed: number }): string[] {
  const draw = drawing(seed);
  const pick = <T>(list: readonly T[]) => list[draw.int(list.length)]!;
  const file = () => `src/${pick(['users', 'reports', 'http', 'store'])}-${draw.int(1_000_000)}.js`;
  return Array.from({ length: count }, () =>
    pick([
      () => `npm test -- --grep ${draw.int(1_000_000)}`,
      () => `cat ${file()} | head -${draw.int(50)}`,
      () => `cd src && grep -rn "listUsers" . > /tmp/${draw.int(1_000_000)}.txt; wc -l /tmp/x`,
      () => `sed -i 's/a${draw.int(9)}/b/' ${file()} && git diff --stat`,
      () => `for f in src/*.js; do node --check "$f" || echo "$f ${draw.int(1_000_000)}"; done`,
      () => `timeout 60 env NODE_ENV=test node --test ${file()} 2>&1 | tail -${draw.int(50)}`,
    ])(),
  );
}
