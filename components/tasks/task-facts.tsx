import { Dot } from 'lucide-react';
import Link from 'next/link';
import type { TaskView } from '../../server/domain/views/views.ts';
import { duration, limit, money } from '../ui/format.ts';
import { Meter } from '../ui/meter.tsx';
import { Fact, Facts, Section } from '../ui/section.tsx';
import { Ago } from '../ui/time.tsx';
import { Words } from '../ui/words.tsx';

function Budget({ run }: { run: TaskView['pipelineRun'] }) {
  return (
    <Section title="Budget" aside="Waiting for a person is free">
      <div className="flex flex-col gap-3 text-sm">
        <div className="flex flex-col gap-1.5">
          <div className="flex justify-between gap-3">
            <span>Money</span>
            <span className="figures text-ink-2">
              {money(run.costMicros)} of {money(run.costLimitMicros)}
            </span>
          </div>
          <Meter label="Money used" used={run.costMicros} limit={run.costLimitMicros} />
        </div>
        <div className="flex flex-col gap-1.5">
          <div className="flex justify-between gap-3">
            <span>Run time</span>
            <span className="figures text-ink-2">
              {duration(run.secondsUsed)} of {limit(run.secondsLimit)}
            </span>
          </div>
          <Meter label="Run time used" used={run.secondsUsed} limit={run.secondsLimit} />
        </div>
      </div>
    </Section>
  );
}

/** What was asked, by whom, and the limits it was given. */
export function TaskFacts({ org, task }: { org: string; task: TaskView }) {
  return (
    <div className="flex min-w-0 flex-col gap-8">
      <Section title="What was asked">
        {task.body && (
          <p className="whitespace-pre-wrap text-ink-2 foreign">
            <Words text={task.body} />
          </p>
        )}
        {task.acceptance.length > 0 && (
          <ul aria-label="Acceptance points" className="flex flex-col gap-1.5">
            {task.acceptance.map((point, index) => (
              <li key={index} className="flex gap-2 foreign">
                <Dot aria-hidden className="-mx-1 mt-px size-5 shrink-0 text-ink-3" />
                {point}
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title="Limits">
        <Facts>
          <Fact name="Repo">
            <Link href={`/${org}/repos/${task.repo.id}`} className="text-accent underline-offset-2 hover:underline">
              {task.repo.name}
            </Link>
          </Fact>
          <Fact name="May write">
            <span className="font-mono">{task.scope.join('  ')}</span>
          </Fact>
          <Fact name="Tests">
            <span className="font-mono">{task.repo.testCommand}</span>
          </Fact>
          <Fact name="Asked by">
            {task.requester}, <Ago at={task.createdAt} />
          </Fact>
        </Facts>
      </Section>
      <Budget run={task.pipelineRun} />
    </div>
  );
}
