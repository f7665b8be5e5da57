'use client';

import { useState } from 'react';
import {
  emptyRule,
  fieldKey,
  kindWords,
  ruleFields,
  ruleOfForm,
  type RuleField,
  type RuleForm,
} from '../../../server/domain/policy/form/rule-fields.ts';
import { rule as ruleSchema } from '../../../server/domain/policy/rule.ts';
import { ruleInWords } from '../../../server/domain/policy/sentence.ts';
import { deciders, verdicts } from '../../../server/domain/policy/verdict.ts';
import { Button } from '../../ui/button.tsx';
import { DialogEnd } from '../../ui/dialog-end.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Input, Select, TextArea } from '../../ui/input.tsx';
import { Words } from '../../ui/words.tsx';

const thens = { allow: 'allow it', ask: 'ask a person', deny: 'refuse it' } as const;
const whos = {
  requester: 'the requester or a maintainer',
  lead: 'a lead',
  owner: 'an owner of the code',
  two: 'two people',
};
const lists = {
  defaults: 'a default: lower layers may replace it',
  limits: 'a limit: lower layers may only narrow it',
};

type Set = (change: Partial<RuleForm>) => void;

function Pick<T extends string>({
  label,
  value,
  options,
  onPick,
}: {
  label: string;
  value: T;
  options: Readonly<Record<T, string>>;
  onPick: (value: T) => void;
}) {
  return (
    <Field label={label} className="min-w-40 flex-1">
      {(wiring) => (
        <Select {...wiring} value={value} onChange={({ target }) => onPick(target.value as T)}>
          {(Object.entries(options) as [T, string][]).map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

type MatcherProps = { field: RuleField; value: string; onChange: (value: string) => void };

function Choices({ field, value, onChange }: MatcherProps & { field: RuleField & { type: 'choices' } }) {
  const chosen = value.split('\n').filter((each) => each !== '');
  const toggle = (choice: string) =>
    onChange(field.choices.filter((each) => (each === choice) !== chosen.includes(each)).join('\n'));
  return (
    <fieldset className="min-w-0">
      <legend className="text-sm font-medium">{field.label}</legend>
      <div className="flex flex-wrap gap-x-5 gap-y-1 pt-1.5">
        {field.choices.map((choice) => (
          <label key={choice} className="flex min-h-8 items-center gap-2 text-sm">
            <input type="checkbox" checked={chosen.includes(choice)} onChange={() => toggle(choice)} />
            {choice}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Matcher({ field, value, onChange }: MatcherProps) {
  if (field.type === 'choices') return <Choices field={field} value={value} onChange={onChange} />;
  if (field.type === 'yes-no') {
    const options = { '': 'does not matter', true: 'yes', false: 'no' };
    return <Pick label={field.label} value={value as keyof typeof options} options={options} onPick={onChange} />;
  }
  return (
    <Field label={field.label} hint={field.type === 'lines' ? field.hint : undefined}>
      {(wiring) =>
        field.type === 'number' ? (
          <Input {...wiring} inputMode="decimal" value={value} onChange={({ target }) => onChange(target.value)} />
        ) : (
          <TextArea
            {...wiring}
            dir="ltr"
            rows={2}
            spellCheck={false}
            className="min-h-14! font-mono"
            value={value}
            onChange={({ target }) => onChange(target.value)}
          />
        )
      }
    </Field>
  );
}

function Verdict({ form, set }: { form: RuleForm; set: Set }) {
  return (
    <>
      <div className="flex flex-wrap gap-3">
        <Pick
          label="Then"
          value={form.then}
          options={Object.fromEntries(verdicts.map((word) => [word, thens[word]])) as typeof thens}
          onPick={(then) => set({ then })}
        />
        {form.then === 'ask' && (
          <Pick
            label="Who answers"
            value={form.who as keyof typeof whos | ''}
            options={
              { '': whos.requester, ...Object.fromEntries(deciders.slice(1).map((who) => [who, whos[who]])) } as Record<
                keyof typeof whos | '',
                string
              >
            }
            onPick={(who) => set({ who })}
          />
        )}
        <Pick label="It is" value={form.list} options={lists} onPick={(list) => set({ list })} />
      </div>
      <div className="flex flex-wrap gap-3">
        <Field
          label="Id"
          hint="Lower-case words with dashes. That of a preset’s rule takes its place."
          className="min-w-40 flex-1"
        >
          {(wiring) => (
            <Input
              {...wiring}
              mono
              required
              maxLength={60}
              value={form.id}
              onChange={({ target }) => set({ id: target.value })}
            />
          )}
        </Field>
        <Field label="Why" optional hint="Told to agents and people." className="min-w-40 flex-[2]">
          {(wiring) => (
            <Input {...wiring} maxLength={300} value={form.why} onChange={({ target }) => set({ why: target.value })} />
          )}
        </Field>
      </div>
    </>
  );
}

type Props = { first: RuleForm | null; title: string; onDone: (form: RuleForm) => void; onClose: () => void };

/** One rule in fields; what it says is read back as a sentence, by the schema and the words of the text. */
export function RuleEditor({ first, title, onDone, onClose }: Props) {
  const [form, setForm] = useState<RuleForm>(() => first ?? emptyRule());
  const set: Set = (change) => setForm((before) => ({ ...before, ...change }));
  const reading = ruleSchema.safeParse(ruleOfForm(form));
  const limitAllows = form.list === 'limits' && form.then === 'allow';
  const problems = [
    ...(reading.success ? [] : reading.error.issues.map(({ path, message }) => [...path, message].join(': '))),
    ...(limitAllows ? ['A limit only narrows, so it cannot allow: make it a default.'] : []),
  ];
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      description="The text of the policy is changed when you are done; nothing is saved before you save it."
    >
      <form
        className="flex min-w-0 flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (problems.length === 0) onDone(form);
        }}
      >
        <Pick label="It is about" value={form.on} options={kindWords} onPick={(on) => set({ on, values: {} })} />
        {ruleFields[form.on].map((field) => (
          <Matcher
            key={fieldKey(field)}
            field={field}
            value={form.values[fieldKey(field)] ?? ''}
            onChange={(value) => set({ values: { ...form.values, [fieldKey(field)]: value } })}
          />
        ))}
        <Verdict form={form} set={set} />
        <div role="status" className="min-w-0 text-sm foreign">
          {reading.success && problems.length === 0 ? (
            <p>
              In words: <Words text={ruleInWords(reading.data)} />
            </p>
          ) : (
            form.id !== '' && (
              <ul className="text-bad">
                {problems.map((problem) => (
                  <li key={problem}>{problem}</li>
                ))}
              </ul>
            )
          )}
        </div>
        <DialogEnd>
          <Button type="submit" look="primary" disabled={problems.length > 0}>
            Put it into the policy
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  );
}
