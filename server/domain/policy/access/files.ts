import { classesIn, type OwnClasses } from '../../scope/own-classes.ts';
import { pathClasses, type PathClassName } from '../../scope/path-classes.ts';
import { decide, type PolicyContext } from '../decide.ts';
import type { LayerName, Verdict, VerdictWord } from '../verdict.ts';

export type Counts = Record<VerdictWord, number>;
export type FileVerdicts = { path: string; read: Verdict; write: Verdict };
export type ClassCounts = { name: PathClassName | 'other' | 'all'; files: number; read: Counts; write: Counts };
/** Files on which the same rule speaks, and some of them. */
export type RuleFiles = {
  act: 'read' | 'write';
  verdict: VerdictWord;
  rule: string;
  layer: LayerName;
  files: number;
  examples: string[];
};
export type ChangedFile = { path: string; act: 'read' | 'write'; before: Verdict; after: Verdict };

/** What the evaluator says of reading and of writing each file. */
export function judgeFiles(context: PolicyContext, paths: readonly string[]): FileVerdicts[] {
  return paths.map((path) => ({
    path,
    read: decide(context, { kind: 'file_read', path }),
    write: decide(context, { kind: 'file_write', path }),
  }));
}

const none = (): Counts => ({ allow: 0, ask: 0, deny: 0 });

/** Files and what is said of them by class; a file may be in several. Classes without a file are left out. */
export function countByClass(files: readonly FileVerdicts[], own: OwnClasses | null = null): ClassCounts[] {
  const classesOf = classesIn(own);
  const names = ['all', ...(Object.keys(pathClasses) as PathClassName[]), 'other'] as const;
  const rows = new Map(
    names.map((name): [ClassCounts['name'], ClassCounts] => [name, { name, files: 0, read: none(), write: none() }]),
  );
  for (const { path, read, write } of files) {
    const classes = classesOf(path);
    for (const name of ['all' as const, ...(classes.length === 0 ? ['other' as const] : classes)]) {
      const row = rows.get(name)!;
      row.files += 1;
      row.read[read.verdict] += 1;
      row.write[write.verdict] += 1;
    }
  }
  return [...rows.values()].filter(({ name, files: some }) => name === 'all' || some > 0);
}

const examples = 5;

/** Which rules speak on how many files, what is refused first. Permission by no rule but the default is left out. */
export function countByRule(files: readonly FileVerdicts[]): RuleFiles[] {
  const found = new Map<string, RuleFiles>();
  for (const file of files)
    for (const act of ['write', 'read'] as const) {
      const { verdict, rule, layer } = file[act];
      if (verdict === 'allow') continue;
      const key = `${act} ${verdict} ${rule} ${layer}`;
      const row = found.get(key) ?? { act, verdict, rule, layer, files: 0, examples: [] };
      row.files += 1;
      if (row.examples.length < examples) row.examples.push(file.path);
      found.set(key, row);
    }
  return [...found.values()].toSorted((one, other) => other.files - one.files);
}

/** Files on which two contexts differ: in the verdict, or in who is asked. */
export function changedFiles(before: readonly FileVerdicts[], after: readonly FileVerdicts[]): ChangedFile[] {
  return before.flatMap((file, at) =>
    (['write', 'read'] as const).flatMap((act): ChangedFile[] =>
      isSameAnswer(file[act], after[at]![act])
        ? []
        : [{ path: file.path, act, before: file[act], after: after[at]![act] }],
    ),
  );
}

const isSameAnswer = (one: Verdict, other: Verdict) => one.verdict === other.verdict && one.who === other.who;
