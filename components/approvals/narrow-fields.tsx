'use client';

import type { ApprovalSubject } from '../../server/domain/approval/subject.ts';
import { Field } from '../ui/field.tsx';
import { Input, TextArea } from '../ui/input.tsx';
import { Revealed } from '../ui/code.tsx';
import type { Cut } from './narrowing.ts';

type Of<K> = Extract<ApprovalSubject, { kind: K }>;
type Props<K> = { subject: Of<K>; cut: Cut; onCut: (cut: Cut) => void; problem: string | null };

function Entries({
  title,
  entries,
  cut,
  onCut,
}: { title: string; entries: string[] } & Pick<Props<'scope'>, 'cut' | 'onCut'>) {
  if (entries.length === 0) return null;
  const toggle = (entry: string) => {
    const dropped = cut.dropped.includes(entry)
      ? cut.dropped.filter((each) => each !== entry)
      : [...cut.dropped, entry];
    onCut({ ...cut, dropped });
  };
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="pb-1 text-sm font-medium">{title}</legend>
      {entries.map((entry) => (
        <label key={entry} className="flex min-h-8 cursor-pointer items-start gap-3 py-1 pointer-coarse:min-h-11">
          <input
            type="checkbox"
            checked={!cut.dropped.includes(entry)}
            onChange={() => toggle(entry)}
            className="mt-1 size-4 shrink-0 accent-accent-fill"
          />
          <span className="min-w-0 font-mono text-sm break-words whitespace-pre-wrap foreign">
            <Revealed text={entry} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** What is asked for, entry by entry: what is unticked is not opened. */
function ScopeFields({ subject, cut, onCut, problem }: Props<'scope'>) {
  const patterns = subject.paths.some((path) => /[*?{]/.test(path) || !path.includes('.'));
  return (
    <div className="flex flex-col gap-4">
      <Entries title="Paths it may change" entries={subject.paths} cut={cut} onCut={onCut} />
      <Entries title="Hosts it may reach" entries={subject.hosts} cut={cut} onCut={onCut} />
      <Entries title="Commands it may run" entries={subject.commands} cut={cut} onCut={onCut} />
      <Entries title="Tools it may call" entries={subject.tools ?? []} cut={cut} onCut={onCut} />
      {patterns && (
        <Field
          label="Only these files"
          optional
          hint="One a line, instead of a whole folder or pattern that you untick above."
        >
          {(wiring) => (
            <TextArea
              {...wiring}
              rows={2}
              maxLength={4000}
              value={cut.files}
              onChange={(event) => onCut({ ...cut, files: event.target.value })}
              className="min-h-16! font-mono"
            />
          )}
        </Field>
      )}
      <p role="status" className="text-sm text-bad empty:hidden">
        {problem}
      </p>
    </div>
  );
}

type AmountProps = { label: string; asked: string; value: string; onChange: (value: string) => void };

function AmountField({ label, asked, value, onChange }: AmountProps) {
  return (
    <Field label={label} hint={`Asked for: ${asked}. You may give less.`}>
      {(wiring) => (
        <Input
          {...wiring}
          inputMode="decimal"
          autoComplete="off"
          placeholder={asked}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className="max-w-40"
        />
      )}
    </Field>
  );
}

function BudgetFields({ subject: { addMicros, addSeconds }, cut, onCut, problem }: Props<'budget'>) {
  const minutes = String(Math.round((addSeconds / 60) * 100) / 100);
  const dollars = (addMicros / 1_000_000).toFixed(2);
  return (
    <div className="flex flex-col gap-4">
      {addSeconds > 0 && (
        <AmountField
          label="Minutes to give"
          asked={minutes}
          value={cut.minutes}
          onChange={(value) => onCut({ ...cut, minutes: value })}
        />
      )}
      {addMicros > 0 && (
        <AmountField
          label="Dollars to give"
          asked={dollars}
          value={cut.dollars}
          onChange={(value) => onCut({ ...cut, dollars: value })}
        />
      )}
      <p role="status" className="text-sm text-bad empty:hidden">
        {problem}
      </p>
    </div>
  );
}

/** The fields with which a person gives less than was asked; nothing where that makes no sense. */
export function NarrowFields({ subject, ...rest }: Props<ApprovalSubject['kind']>) {
  if (subject.kind === 'scope') return <ScopeFields subject={subject} {...rest} />;
  if (subject.kind === 'budget') return <BudgetFields subject={subject} {...rest} />;
  return null;
}
