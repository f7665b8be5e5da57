import type { ClassCounts, Counts, RuleFiles } from '../../server/domain/policy/access/files.ts';
import type { AccessSide, AccessView } from '../../server/domain/views/access-view.ts';
import { Revealed } from '../ui/code.tsx';
import { count, plural } from '../ui/format.ts';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/section.tsx';
import { VerdictRow, VerdictRows } from './rows.tsx';
import { verdictWords } from './verdict.tsx';

const names: Record<string, string> = { all: 'All files', other: 'In no class' };

function said(counts: Counts, files: number): string {
  const parts = (['allow', 'ask', 'deny'] as const).filter((word) => counts[word] > 0);
  if (parts.length === 1) return files === 1 ? verdictWords[parts[0]!] : `all ${verdictWords[parts[0]!]}`;
  return parts.map((word) => `${count(counts[word])} ${verdictWords[word]}`).join(', ');
}

function ClassTable({ classes, name }: { classes: readonly ClassCounts[]; name: string }) {
  return (
    <div className="min-w-0 overflow-x-auto" tabIndex={0} role="region" aria-label={`Files by class, ${name}`}>
      <table className="w-full text-sm">
        <thead className="text-left text-ink-3">
          <tr>
            {['Class', 'Files', 'Writing', 'Reading'].map((head) => (
              <th key={head} scope="col" className="py-1 pr-4 font-normal">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map(({ name: of, files, write, read }) => (
            <tr key={of} className="border-t border-line align-top">
              <th scope="row" className="py-1 pr-4 text-left font-normal">
                {names[of] ?? <span className="font-mono">{of}</span>}
              </th>
              <td className="figures py-1 pr-4">{count(files)}</td>
              <td className="py-1 pr-4">{said(write, files)}</td>
              <td className="py-1">{said(read, files)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const acts = { write: 'Writing', read: 'Reading' } as const;

function ByRule({ byRule }: { byRule: readonly RuleFiles[] }) {
  if (byRule.length === 0) return <p className="text-sm text-ink-2">No rule stands in the way of any file.</p>;
  return (
    <ul className="flex flex-col gap-1.5 text-sm" aria-label="Rules that stand in the way">
      {byRule.map(({ act, verdict, rule, layer, files, examples }) => (
        <li key={`${act} ${verdict} ${rule} ${layer}`} className="min-w-0 foreign">
          {acts[act]} {plural(files, 'file')} is {verdictWords[verdict]} by <span className="font-mono">{rule}</span> of
          the {layer}:{' '}
          <span dir="ltr" className="font-mono text-ink-3">
            <Revealed text={examples.join('  ')} />
            {files > examples.length && ' …'}
          </span>
        </li>
      ))}
    </ul>
  );
}

type Props = { view: AccessView; names: readonly string[] };

/** Files of the repo by class, and which rules stand in the way of which. */
export function FilesPart({ view, names: sideNames }: Props) {
  const { fileProblem, commit, files, sides, changed, held } = view;
  return (
    <Section title="Files" aside={commit && <>at {commit.slice(0, 10)}</>} className="pt-4">
      {fileProblem !== null && (
        <Notice look="warn" title="Its files cannot be read now">
          {fileProblem}
        </Notice>
      )}
      {files.judged < files.total && (
        <Notice>
          The first {count(files.judged)} of {count(files.total)} files are counted.
        </Notice>
      )}
      {changed && (
        <>
          <p role="status" className="text-sm text-ink-2">
            {changed.total === 0
              ? 'Both say the same of every file.'
              : `${plural(changed.total, 'answer')} about files differ${changed.total === 1 ? 's' : ''}.`}
          </p>
          {changed.total > 0 && (
            <VerdictRows label="Files that differ">
              {changed.shown.map(({ path, act, verdicts }) => (
                <VerdictRow
                  key={`${act} ${path}`}
                  what={<Revealed text={path} />}
                  kind={acts[act]}
                  verdicts={verdicts}
                  names={sideNames}
                />
              ))}
            </VerdictRows>
          )}
          {changed.total > changed.shown.length && (
            <p className="text-sm text-ink-3">The first {changed.shown.length} are shown.</p>
          )}
        </>
      )}
      {files.total > 0 && (
        <div className={sides.length === 2 ? 'grid min-w-0 gap-8 lg:grid-cols-2' : 'min-w-0 max-w-3xl'}>
          {sides.map((side, at) => (
            <SideFiles key={at} side={side} name={sideNames[at]!} titled={sides.length === 2} />
          ))}
        </div>
      )}
      <p className="max-w-[76ch] text-sm text-ink-3">
        Writing means a file tool or the commit. What an edit does, such as weakening a test or bringing in a
        dependency, is judged besides when it is made.
      </p>
      {held.map(({ globs, by, until }) => (
        <Notice key={`${by} ${globs.join(' ')}`} title={`Reserved by ${by}`}>
          <span className="font-mono">{globs.join(', ')}</span> until {until.slice(0, 16).replace('T', ' ')} UTC: nobody
          else writes there.
        </Notice>
      ))}
    </Section>
  );
}

function SideFiles({ side, name, titled }: { side: AccessSide; name: string; titled: boolean }) {
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {titled && <h3 className="font-medium">{name}</h3>}
      <ClassTable classes={side.classes} name={name} />
      <ByRule byRule={side.byRule} />
    </div>
  );
}
