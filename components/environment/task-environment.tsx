import Link from 'next/link';
import type { EnvironmentCheckView } from '../../server/domain/views/repo-views.ts';
import { StateMark } from '../status/state-mark.tsx';
import { Section } from '../ui/section.tsx';
import { Ago } from '../ui/time.tsx';
import { Checklist } from './checklist.tsx';
import { environmentState } from './environment-state.ts';

/** What a task's work stands on: open where it is broken, else a line that opens. */
export function TaskEnvironment({ org, check }: { org: string; check: EnvironmentCheckView }) {
  const aside = (
    <Link href={`/${org}/repos/${check.repoId}`} className="text-accent underline-offset-2 hover:underline">
      Change or run it under Repos
    </Link>
  );
  return (
    <Section title="Environment" aside={aside}>
      <details open={check.status === 'failed'}>
        <summary className="flex list-none flex-wrap items-center gap-3 text-sm text-ink-3">
          <StateMark state={environmentState({ ...check, current: true })} />
          <span>
            checked <Ago at={check.endedAt ?? check.createdAt} />
          </span>
          <span className="font-medium text-accent">Checklist</span>
        </summary>
        <div className="pt-3">
          <Checklist check={check} />
        </div>
      </details>
    </Section>
  );
}
