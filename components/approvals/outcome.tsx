'use client';

import { useEffect, useRef } from 'react';
import type { DefinitionTarget } from '../../server/domain/approval/subject.ts';
import type { ApprovalView } from '../../server/domain/views/views.ts';
import { approvalStates } from '../status/status.ts';
import { ButtonLink } from '../ui/button.tsx';
import { ToneIcon } from '../ui/mark.tsx';
import { Ago } from '../ui/time.tsx';
import { Words } from '../ui/words.tsx';
import { afterwards, givenInWords } from './approval-words.ts';

type Props = { org: string; approval: ApprovalView; /** It was decided while this page was open. */ fresh: boolean };

const onward: Record<DefinitionTarget['of'], [string, string]> = {
  policy: ['To the policy', 'settings/policy'],
  role: ['To the roles', 'agents/roles'],
  'new-role': ['To the roles', 'agents/roles'],
  agent: ['To the agents', 'agents'],
  'new-agent': ['To the agents', 'agents'],
  tools: ['To the tools', 'settings/tools'],
};

/** Where what was decided goes on. */
function Onward({ org, approval: { taskId, subject } }: Pick<Props, 'org' | 'approval'>) {
  if (taskId !== null) {
    return (
      <ButtonLink look="primary" href={`/${org}/tasks/${taskId}`}>
        Watch the task
      </ButtonLink>
    );
  }
  const [words, page] = onward[subject.kind === 'definition' ? subject.what.of : 'policy'];
  return (
    <ButtonLink look="primary" href={`/${org}/${page}`}>
      {words}
    </ButtonLink>
  );
}

/** Who decided what, and what happens now. A decision just made is brought into sight. */
export function Outcome({ org, approval, fresh }: Props) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!fresh) return;
    window.scrollTo({ top: 0 });
    box.current?.focus({ preventScroll: true });
  }, [fresh]);
  const { tone, word } = approvalStates[approval.status];
  return (
    <section
      ref={box}
      tabIndex={-1}
      aria-label="Decision"
      aria-live="polite"
      className="outline-none flex flex-col items-start gap-3 rounded-md border border-line-strong bg-panel p-4"
    >
      <h2 className="flex items-center gap-2 text-lg font-semibold">
        <ToneIcon tone={tone} className="size-5!" />
        {word}
        {approval.selfApproved && (
          <span className="text-base font-normal text-ink-2">by the person who asked (self-approved)</span>
        )}
      </h2>
      <p className="max-w-[76ch] text-ink-2">{afterwards(approval)}</p>
      {approval.granted && (
        <p className="max-w-[76ch] foreign">
          <Words text={givenInWords(approval)} />
        </p>
      )}
      {approval.answer && <p className="max-w-[76ch] foreign">Answer: “{approval.answer}”</p>}
      <ul className="flex flex-col gap-1 text-sm text-ink-2">
        {approval.votes.map((vote, index) => (
          <li key={index} className="foreign">
            {vote.by} {vote.verdict} via {vote.via}, <Ago at={vote.at} />
            {vote.reason && <>: “{vote.reason}”</>}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Onward org={org} approval={approval} />
        <ButtonLink href={`/${org}/approvals`}>Other approvals</ButtonLink>
      </div>
    </section>
  );
}
