import { clsx } from 'clsx';
import { CornerUpLeft } from 'lucide-react';
import Link from 'next/link';
import type { StageView, TaskView } from '../../server/domain/views/views.ts';
import { stageStates, type State } from '../status/status.ts';
import { ToneIcon, ToneWord } from '../ui/mark.tsx';
import { ClockTime, Elapsed } from '../ui/time.tsx';
import { pipelineRows, type PipelineRow } from './pipeline-rows.ts';
import { Words } from '../ui/words.tsx';

function hrefOf(org: string, stage: StageView, changeId: string | null): string | null {
  if (stage.approvalId) return `/${org}/approvals/${stage.approvalId}`;
  if (stage.runId) return `/${org}/runs/${stage.runId}`;
  return stage.kind === 'agent' || changeId === null ? null : `/${org}/changes/${changeId}`;
}

function StageName({ stage, href }: { stage: StageView; href: string | null }) {
  if (!href) return <span className="font-medium">{stage.stage}</span>;
  return (
    <Link data-row href={href} className="font-medium text-accent underline-offset-2 hover:underline">
      {stage.stage}
    </Link>
  );
}

const sentBack: State = { tone: 'doubtful', word: 'Sent back' };

/** A stage that asked for rework did its work: that is not a failure. */
function stateOf(row: PipelineRow & { type: 'attempt' }): State {
  return row.sentBack ? sentBack : stageStates[row.stage.status];
}

function Attempt({
  org,
  row,
  changeId,
}: {
  org: string;
  row: PipelineRow & { type: 'attempt' };
  changeId: string | null;
}) {
  const { stage, again, backFrom } = row;
  const state = stateOf(row);
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-1 pb-5">
      {backFrom && (
        <p className="flex items-center gap-1.5 pb-1 text-sm text-ink-3">
          <CornerUpLeft aria-hidden className="size-3.5" />
          sent back by {backFrom}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <StageName stage={stage} href={hrefOf(org, stage, changeId)} />
        {again && <span className="text-sm text-ink-3">attempt {stage.attempt}</span>}
        <ToneWord tone={state.tone}>{state.word}</ToneWord>
        <span className="ml-auto text-sm text-ink-3">
          <ClockTime at={stage.startedAt} /> · <Elapsed from={stage.startedAt} to={stage.endedAt} />
        </span>
      </div>
      <p className="max-w-[76ch] text-sm text-ink-2 foreign">
        <Words text={stage.sentence} />
      </p>
    </div>
  );
}

function Node({ row, last }: { row: PipelineRow; last: boolean }) {
  const lineLook = row.type === 'planned' ? 'border-dashed border-line-strong' : 'border-line-strong';
  return (
    <div className={clsx('flex w-4 shrink-0 flex-col items-center', row.type === 'attempt' && row.backFrom && 'pt-7')}>
      {row.type === 'attempt' ? (
        <ToneIcon tone={stateOf(row).tone} className="my-[3px]" />
      ) : (
        <span aria-hidden className="my-[7px] size-2 rounded-full border border-line-strong" />
      )}
      {!last && <span aria-hidden className={clsx('min-h-2 flex-1 border-l', lineLook)} />}
    </div>
  );
}

/** The stages from top to bottom: what happened, what is happening, what is still to come. */
export function Pipeline({ org, run }: { org: string; run: TaskView['pipelineRun'] }) {
  const rows = pipelineRows(run.stages, run.plannedStages, run.endedAt !== null);
  return (
    <ol className="flex flex-col">
      {rows.map((row, index) => (
        <li key={row.type === 'attempt' ? row.stage.id : row.name} className="flex gap-3">
          <Node row={row} last={index === rows.length - 1} />
          {row.type === 'attempt' ? (
            <Attempt org={org} row={row} changeId={run.changeId} />
          ) : (
            <p className="pb-3 text-ink-3">{row.name}</p>
          )}
        </li>
      ))}
    </ol>
  );
}
