import { errorText } from '../trpc/error.ts';
import { Field } from './field.tsx';
import { TextArea } from './input.tsx';

type Props = { reason: string; onChange: (reason: string) => void; hint?: string; error: unknown };

/** Why something is done to the log, in words that stay in it. */
export function ReasonField({ reason, onChange, hint, error }: Props) {
  return (
    <Field label="Reason" hint={hint} error={error ? errorText(error) : null}>
      {(wiring) => (
        <TextArea
          {...wiring}
          value={reason}
          minLength={3}
          maxLength={500}
          required
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  );
}
