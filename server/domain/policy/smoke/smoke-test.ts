import { z } from 'zod';
import { decide, type PolicyContext } from '../decide.ts';
import { verdict, type Verdict } from '../verdict.ts';

const entry = z.object({
  /** Where the log has it. */
  streamId: z.string(),
  seq: z.int(),
});

const tried = z.object({
  what: z.enum(['read', 'write']),
  tool: z.string(),
  path: z.string(),
  verdict,
  /** Whether the tool ran and did it. */
  done: z.boolean(),
  /** Whether the file was in the work tree afterwards. */
  there: z.boolean(),
  entry,
});
export type SmokeTry = z.infer<typeof tried>;

/** As kept: what was tried, or why nothing could be. */
export const smokeResult = z.union([
  z.object({
    roleVersion: z.int(),
    policyVersion: z.int(),
    commit: z.string(),
    millis: z.int(),
    tries: z.array(tried),
  }),
  z.object({ problem: z.string() }),
]);
export type SmokeResult = z.infer<typeof smokeResult>;

type Tried = Pick<SmokeTry, 'what' | 'verdict' | 'done' | 'there'>;

/** Whether one try came out as it has to: a read that is allowed happens, a write that is not allowed does not. */
export function isHeld({ what, verdict: { verdict: word }, done, there }: Tried): boolean {
  if (what === 'read') return word === 'allow' && done && there;
  return word !== 'allow' && !done && !there;
}

/** The first file that may be read; null where none may. */
export function fileToRead(context: PolicyContext, paths: readonly string[]): string | null {
  return paths.find((path) => decide(context, { kind: 'file_read', path }).verdict === 'allow') ?? null;
}

/** New files of classes that policies are about, and two of the platform's own floor. `name` is in no repository. */
const candidates = (name: string) => [
  `db/migrations/${name}.sql`,
  `.github/workflows/${name}.yml`,
  `infra/${name}.tf`,
  `src/${name}.txt`,
  `.fleet/${name}.yaml`,
  `secrets/${name}.txt`,
  `.git/${name}`,
];

const wholeWrite = (path: string, content: string) => ({
  ...{ kind: 'file_write' as const, path },
  edit: { removed: '', added: content, whole: true },
});

/**
 * A new file whose writing is refused: by a rule of the org, the repo or the role before one of the platform's floor, which
 * holds whatever people write.
 */
export function fileToRefuse(context: PolicyContext, { name, content }: { name: string; content: string }): string {
  const paths = candidates(name);
  const said = paths.map((path): [string, Verdict] => [path, decide(context, wholeWrite(path, content))]);
  const refused = said.filter(([, { verdict: word }]) => word === 'deny');
  const ofPeople = refused.find(([, { layer }]) => layer !== 'platform');
  return (ofPeople ?? refused[0])?.[0] ?? paths.at(-1)!;
}
