'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ApprovalView } from '../../server/domain/views/views.ts';
import { useTRPC } from '../trpc/context.ts';
import { isPageKey } from '../ui/row-keys.ts';
import { approvalSentences } from '../../server/domain/approval/sentences.ts';
import { AnswerFields } from './answer-fields.tsx';
import { narrowerButton, type Verdict } from './approval-words.ts';
import { ConfirmDecision, type Said } from './confirm-decision.tsx';
import { DecisionButtons } from './decision-buttons.tsx';
import { NarrowFields } from './narrow-fields.tsx';
import { narrowed, narrowingOf, nothingCut } from './narrowing.ts';

function useDecisionKeys(choose: (verdict: Verdict) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const verdict = event.key === 'a' ? 'approved' : event.key === 'd' ? 'denied' : null;
      if (verdict === null || !isPageKey(event)) return;
      event.preventDefault();
      choose(verdict);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}

function useDecide(onDecided: () => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useMutation(
    trpc.approvals.decide.mutationOptions({
      onSuccess: onDecided,
      onSettled: () => queryClient.invalidateQueries({ refetchType: 'active' }),
    }),
  );
}

/** Asks for the verdict and, where there is one, the answer or what is given; each verdict leads to a last question, as do the keys A and D. */
export function Decision({ org, approval }: { org: string; approval: ApprovalView }) {
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [answer, setAnswer] = useState('');
  const [cut, setCut] = useState(nothingCut);
  const decide = useDecide(() => setVerdict(null));
  const question = approval.subject.kind === 'question' ? approval.subject : null;
  const narrowing = narrowingOf(approval.subject, cut);
  const incomplete = (question !== null && answer.trim() === '') || narrowing.problem !== null;
  const choose = (next: Verdict) => {
    if (next === 'approved' && incomplete) return;
    decide.reset();
    setVerdict(next);
  };
  useDecisionKeys(choose);
  const settle = (given: Verdict, { reason, rework }: Said) => {
    const said = question && given === 'approved' ? { answer: answer.trim() } : {};
    const less = given === 'approved' && narrowing.granted ? { granted: narrowing.granted } : {};
    const back = rework ? { rework } : {};
    const { id: approvalId, digest } = approval;
    decide.mutate({ org, approvalId, digest, verdict: given, reason, ...said, ...less, ...back });
  };
  return (
    <>
      {question && <AnswerFields options={question.options} value={answer} onChange={setAnswer} />}
      <NarrowFields subject={approval.subject} cut={cut} onCut={setCut} problem={narrowing.problem} />
      <DecisionButtons
        kind={approval.kind}
        approveLabel={narrowing.narrower ? narrowerButton : null}
        incomplete={incomplete}
        onChoose={choose}
      />
      {verdict && (
        <ConfirmDecision
          approval={approval}
          verdict={verdict}
          consent={question ? `“${answer.trim()}”` : approvalSentences(narrowed(approval.subject, narrowing)).consent}
          busy={decide.isPending}
          error={decide.error}
          onClose={() => setVerdict(null)}
          onDecide={(said) => settle(verdict, said)}
        />
      )}
    </>
  );
}
