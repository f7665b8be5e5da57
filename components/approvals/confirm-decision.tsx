'use client';

import { useId, type FormEvent } from 'react';
import type { ApprovalView } from '../../server/domain/views/views.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogClose } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { TextArea } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { approvalWords, type Verdict } from './approval-words.ts';
import { Words } from '../ui/words.tsx';

export type Said = { reason: string; /** The change goes back to its author. */ rework: boolean };

type Props = {
  approval: ApprovalView;
  verdict: Verdict;
  /** What approving does, in one sentence: the answer to a question, what is given of a request. */
  consent: string;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onDecide: (said: Said) => void;
};

function saidIn(form: HTMLFormElement): Said {
  const data = new FormData(form);
  return { reason: String(data.get('reason') ?? '').trim(), rework: data.has('rework') };
}

function ReworkChoice() {
  const id = useId();
  return (
    <div className="flex items-start gap-3 rounded-md border border-line px-3 py-2.5 text-base">
      <input
        type="checkbox"
        name="rework"
        id={id}
        aria-describedby={`${id}-hint`}
        className="mt-1 size-4 shrink-0 accent-accent"
      />
      <div>
        <label htmlFor={id}>Send it back to be reworked</label>
        <p id={`${id}-hint`} className="text-sm text-ink-3">
          The agent gets your words and works on. What it makes is checked, reviewed and put before you again.
        </p>
      </div>
    </div>
  );
}

function hintOf({ kind }: ApprovalView, denied: boolean): string {
  if (kind === 'definition') return 'Its author reads it here, and it stands in the log.';
  return denied || kind !== 'merge' ? 'The agent and the log get it.' : 'It stands in the log.';
}

/** The last question before a decision counts. A denial needs a reason, because somebody has to act on it. */
export function ConfirmDecision(props: Props) {
  const { approval, verdict, busy, error, onClose, onDecide } = props;
  const words = approvalWords[approval.kind][verdict];
  const denied = verdict === 'denied';
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onDecide(saidIn(event.currentTarget));
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.sure}
      description={<Words text={denied ? approval.onDeny : props.consent} />}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={denied ? 'Reason' : 'Note'} optional={!denied} hint={hintOf(approval, denied)}>
          {(wiring) => (
            <TextArea
              {...wiring}
              name="reason"
              required={denied}
              maxLength={2000}
              rows={2}
              autoFocus={denied}
              className="min-h-16!"
            />
          )}
        </Field>
        {denied && approval.subject.kind === 'merge' && approval.subject.reworkTo && <ReworkChoice />}
        {error !== null && error !== undefined && (
          <Notice look="bad" title="Nothing was decided">
            {errorText(error)}
          </Notice>
        )}
        <div className="grid grid-cols-2 gap-8">
          <DialogClose asChild>
            <Button size="tall" className="min-w-0 whitespace-normal">
              Go back
            </Button>
          </DialogClose>
          <Button
            type="submit"
            size="tall"
            look={denied ? 'danger' : 'primary'}
            busy={busy}
            autoFocus={!denied}
            className="min-w-0 whitespace-normal"
          >
            {words.button}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
