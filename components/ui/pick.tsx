'use client';

import { Field } from './field.tsx';
import { Select } from './input.tsx';

type Props = {
  label: string;
  value: string;
  readOnly?: boolean;
  /** Each as its value and the words that stand for it. */
  options: readonly (readonly [string, string])[];
  onPick: (value: string) => void;
};

/** A labelled choice of one from a few. */
export function Pick({ label, value, readOnly = false, options, onPick }: Props) {
  return (
    <Field label={label}>
      {(wiring) => (
        <Select {...wiring} disabled={readOnly} value={value} onChange={({ target }) => onPick(target.value)}>
          {options.map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
