'use client';

import type { ApprovalView } from '../../server/domain/views/views.ts';
import { Button } from '../ui/button.tsx';
import { approvalWords, type Verdict } from './approval-words.ts';

type Props = {
  kind: ApprovalView['kind'];
  /** Other words for the button that approves, where less than was asked is given. */
  approveLabel: string | null;
  /** Something a person must still say before approving means anything. */
  incomplete: boolean;
  onChoose: (verdict: Verdict) => void;
};

/** Two buttons of one size, far apart, and within reach of a thumb. */
export function DecisionButtons({ kind, approveLabel, incomplete, onChoose }: Props) {
  const words = approvalWords[kind];
  const approve = approveLabel ?? words.approved.button;
  return (
    <>
      <div className="sticky bottom-0 -mx-4 grid grid-cols-2 gap-8 border-t border-line bg-bg px-4 pt-3 pb-[max(12px,env(safe-area-inset-bottom))] sm:gap-32 md:static md:mx-0 md:px-0">
        <Button
          size="tall"
          look="danger"
          onClick={() => onChoose('denied')}
          aria-keyshortcuts="d"
          className="min-w-0 whitespace-normal"
        >
          {words.denied.button}
        </Button>
        <Button
          size="tall"
          look="primary"
          disabled={incomplete}
          onClick={() => onChoose('approved')}
          aria-keyshortcuts="a"
          className="min-w-0 whitespace-normal"
        >
          {approve}
        </Button>
      </div>
      <p className="text-sm text-ink-3 max-md:hidden pointer-coarse:hidden">
        Keys: <kbd className="font-mono">A</kbd> {approve.toLowerCase()}, <kbd className="font-mono">D</kbd>{' '}
        {words.denied.button.toLowerCase()}. Each asks once more.
      </p>
    </>
  );
}
