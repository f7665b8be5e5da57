'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ApprovalView } from '../../server/domain/views/views.ts';
import { useTRPC } from '../trpc/context.ts';
import { isPageKey } from '../ui/row-keys.ts';
import { AnswerFields } from './answer-fields.tsx';
import type { Verdict } from './approval-words.ts';
import { ConfirmDecision } from './confirm-decision.tsx';
import { DecisionButtons } from './decision-buttons.tsx';

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

/** Asks for the verdict and, for a question, the answer; each verdict leads to a last question, as do the keys A and D. */
export function Decision({ org, approval }: { org: string; approval: ApprovalView }) {
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [answer, setAnswer] = useState('');
  const decide = useDecide(() => setVerdict(null));
  const question = approval.subject.kind === 'question' ? approval.subject : null;
  const unanswered = question !== null && answer.trim() === '';
  const choose = (next: Verdict) => {
    if (next === 'approved' && unanswered) return;
    decide.reset();
    setVerdict(next);
  };
  useDecisionKeys(choose);
  const settle = (given: Verdict, reason: string) => {
    const said = question && given === 'approved' ? { answer: answer.trim() } : {};
    decide.mutate({ org, approvalId: approval.id, digest: approval.digest, verdict: given, reason, ...said });
  };
  return (
    <>
      {question && <AnswerFields options={question.options} value={answer} onChange={setAnswer} />}
      <DecisionButtons kind={approval.kind} unanswered={unanswered} onChoose={choose} />
      {verdict && (
        <ConfirmDecision
          approval={approval}
          verdict={verdict}
          answer={question ? answer.trim() : null}
          busy={decide.isPending}
          error={decide.error}
          onClose={() => setVerdict(null)}
          onDecide={(reason) => settle(verdict, reason)}
        />
      )}
    </>
  );
}
