import { clsx } from 'clsx';
import { FolderGit2, GitBranch, Package, type LucideIcon } from 'lucide-react';

export type RepoSource = 'sample' | 'local' | 'git';

const sources: { value: RepoSource; title: string; text: string; icon: LucideIcon }[] = [
  {
    value: 'sample',
    title: 'The bundled sample',
    text: 'A small API with tests and a task that is ready to file.',
    icon: Package,
  },
  {
    value: 'local',
    title: 'A folder on this machine',
    text: 'A git repository by its path. The operator’s right.',
    icon: FolderGit2,
  },
  { value: 'git', title: 'A git URL', text: 'Any remote this machine can reach over https or ssh.', icon: GitBranch },
];

type Props = { value: RepoSource; operator: boolean; onChange: (value: RepoSource) => void };

export function SourceChoice({ value, operator, onChange }: Props) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="pb-1.5 text-sm font-medium">Where is the repo?</legend>
      {sources.map(({ value: each, title, text, icon: Icon }) => {
        const closed = each === 'local' && !operator;
        return (
          <label
            key={each}
            className={clsx(
              'flex items-start gap-3 rounded-md border px-3 py-2.5 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
              each === value ? 'border-accent bg-accent-soft' : 'border-line-strong bg-panel',
              closed ? 'cursor-not-allowed opacity-60' : 'cursor-pointer hover:border-control',
            )}
          >
            <input
              type="radio"
              name="source"
              value={each}
              checked={each === value}
              disabled={closed}
              onChange={() => onChange(each)}
              className="mt-1 size-4 shrink-0 accent-accent-fill outline-none"
            />
            <span className="flex min-w-0 flex-1 flex-col">
              <span className="font-medium">{title}</span>
              <span className="text-sm text-ink-2">
                {closed ? 'Only the operator of this installation may do this.' : text}
              </span>
            </span>
            <Icon aria-hidden className="mt-1 size-4 shrink-0 text-ink-3" />
          </label>
        );
      })}
    </fieldset>
  );
}
