import { ChevronRight } from 'lucide-react';
import { Fragment } from 'react';

/** The stages of a pipeline in one line. */
export function StageLine({ stages }: { stages: string[] }) {
  return (
    <p className="flex flex-wrap items-center gap-x-1 gap-y-0.5 font-mono text-sm text-ink-2">
      {stages.map((stage, index) => (
        <Fragment key={stage}>
          {index > 0 && <ChevronRight aria-hidden className="size-3.5 text-ink-3" />}
          {stage}
        </Fragment>
      ))}
    </p>
  );
}
