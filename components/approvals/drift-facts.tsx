import type { ReactNode } from 'react';
import { isAsMeant, type Drift } from '../../server/domain/scope/drift.ts';
import { Revealed } from '../ui/code.tsx';
import { plural } from '../ui/format.ts';
import { ToneWord } from '../ui/mark.tsx';

type Named = Drift['outside'];

function Names({ title, names, mono = true }: { title: ReactNode; names: Named; mono?: boolean }) {
  if (names.all === 0) return null;
  const shown = names.some.slice(0, 5);
  return (
    <p>
      {title}:{' '}
      {shown.map((name, at) => (
        <span key={name}>
          {at > 0 && ', '}
          <span className={mono ? 'font-mono text-xs' : ''}>
            <Revealed text={name} />
          </span>
        </span>
      ))}
      {names.all > shown.length && ` and ${names.all - shown.length} more`}
    </p>
  );
}

/** How the change differs from the task's scope and the agent's plan. */
export function DriftFacts({ drift }: { drift: Drift }) {
  const { outside, untouched, leftOut, openSteps } = drift;
  return (
    <div className="flex flex-col gap-0.5">
      {isAsMeant(drift) ? (
        <p>
          <ToneWord tone="good">None</ToneWord>: every changed file is in the scope of the task, and the plan is done
        </p>
      ) : (
        <p>
          <ToneWord tone="doubtful">{plural(outside.all, 'file')}</ToneWord> outside the scope of the task
          {openSteps.all > 0 && `, ${plural(openSteps.all, 'step')} of the plan open`}
        </p>
      )}
      <Names title="Outside, opened on the way" names={outside} />
      <Names title="Left out, the run may not write it" names={leftOut} />
      <Names title="In scope and not touched" names={untouched} />
      <Names title="Open in the plan" names={openSteps} mono={false} />
    </div>
  );
}
