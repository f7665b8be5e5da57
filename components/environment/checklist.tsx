import type { EnvironmentStep } from '../../server/domain/setup/environment.ts';
import type { EnvironmentCheckView } from '../../server/domain/views/repo-views.ts';
import type { State } from '../status/status.ts';
import { Code } from '../ui/code.tsx';
import { millis } from '../ui/format.ts';
import { ToneIcon, ToneWord } from '../ui/mark.tsx';

const stepStates = {
  passed: { tone: 'good', word: 'Works' },
  failed: { tone: 'bad', word: 'Broken' },
  skipped: { tone: 'stopped', word: 'Nothing to do' },
} as const satisfies Record<EnvironmentStep['result'], State>;

const names: Record<EnvironmentStep['step'], string> = {
  clone: 'Clone',
  tools: 'Tools',
  'set-up': 'Set-up',
  services: 'Services',
  build: 'Build',
  tests: 'Tests',
};

function Step({ step }: { step: EnvironmentStep }) {
  const state = stepStates[step.result];
  return (
    <li className="flex min-w-0 gap-3 py-2.5">
      <ToneIcon tone={state.tone} className="my-[3px]" />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <p className="flex flex-wrap items-baseline gap-x-3">
          <span className="font-medium">{names[step.step]}</span>
          <ToneWord tone={state.tone}>{state.word}</ToneWord>
          {step.millis > 0 && <span className="figures ml-auto text-sm text-ink-3">{millis(step.millis)}</span>}
        </p>
        <p className="max-w-[76ch] text-sm text-ink-2 foreign">{step.detail}</p>
        {step.line !== null && (
          <Code label={`The line that failed in ${names[step.step]}`} text={step.line} lines={4} />
        )}
        {step.output !== '' && (
          <details>
            <summary className="list-none text-sm font-medium text-accent">What it said</summary>
            <Code className="mt-2" label={`Output of ${names[step.step]}`} text={step.output} />
          </details>
        )}
      </div>
    </li>
  );
}

/** What has to work before an agent can, and how it did. */
export function Checklist({ check }: { check: EnvironmentCheckView }) {
  const { steps, notes } = check.report;
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {steps.length > 0 && (
        <ol aria-label="Environment checklist" className="flex flex-col divide-y divide-line border-b border-line">
          {steps.map((step) => (
            <Step key={step.step} step={step} />
          ))}
        </ol>
      )}
      {notes.length > 0 && (
        <ul aria-label="Notes" className="flex list-disc flex-col gap-1 pl-5 text-sm text-ink-2 foreign">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
