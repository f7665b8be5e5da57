'use client';

import { Field } from '../ui/field.tsx';
import { TextArea } from '../ui/input.tsx';

type Props = { options: string[]; value: string; onChange: (value: string) => void };

/** The answers the agent proposes, and room for another one. */
export function AnswerFields({ options, value, onChange }: Props) {
  return (
    <div className="flex flex-col gap-4">
      {options.length > 0 && (
        <fieldset className="flex flex-col gap-2">
          <legend className="pb-1.5 text-sm font-medium">Answers the agent proposes</legend>
          {options.map((option) => (
            <label
              key={option}
              className="flex cursor-pointer items-start gap-3 rounded-md border border-line-strong bg-panel px-3 py-2.5 hover:border-control has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name="option"
                checked={value === option}
                onChange={() => onChange(option)}
                className="mt-1 size-4 shrink-0 accent-accent-fill outline-none"
              />
              <span className="min-w-0 foreign">{option}</span>
            </label>
          ))}
        </fieldset>
      )}
      <Field label={options.length > 0 ? 'Your answer, as the agent will read it' : 'Your answer'}>
        {(wiring) => (
          <TextArea
            {...wiring}
            rows={3}
            maxLength={4000}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
    </div>
  );
}
