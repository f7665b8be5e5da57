'use client';

import { useState } from 'react';
import { rulesOf, type PolicyDocument } from '../../../server/domain/policy/document.ts';
import { findDoubts } from '../../../server/domain/policy/find-doubts.ts';
import { dropRule, putRule, setValue, type RuleList } from '../../../server/domain/policy/form/edit-text.ts';
import { formOfRule, ruleOfForm, type RuleForm } from '../../../server/domain/policy/form/rule-fields.ts';
import { readPolicy } from '../../../server/domain/policy/policy-yaml.ts';
import type { Rule } from '../../../server/domain/policy/rule.ts';
import { ruleInWords } from '../../../server/domain/policy/sentence.ts';
import { Button } from '../../ui/button.tsx';
import { plural } from '../../ui/format.ts';
import { Words } from '../../ui/words.tsx';
import { Problems } from '../explanation.tsx';
import { PolicyBasics } from './policy-basics.tsx';
import { RuleEditor } from './rule-editor.tsx';

type Props = { yaml: string; onChange: (yaml: string) => void; readOnly: boolean };
type Editing = { first: RuleForm | null; was: string | null };

/** The same document as the text, in fields: every change here is a change of the text. */
export function PolicyForm({ yaml, onChange, readOnly }: Props) {
  const [editing, setEditing] = useState<Editing | null>(null);
  const reading = readPolicy(yaml);
  if (!reading.ok) return <Problems problems={reading.problems} />;
  const { policy } = reading;
  const edit = (list: RuleList, rule: Rule, was: string | null) => setEditing({ first: formOfRule(list, rule), was });
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <PolicyBasics policy={policy} readOnly={readOnly} onSet={(at, value) => onChange(setValue(yaml, at, value))} />
      <OwnRules
        policy={policy}
        readOnly={readOnly}
        onEdit={(list, rule) => edit(list, rule, rule.id)}
        onDrop={(id) => onChange(dropRule(yaml, id))}
      />
      {!readOnly && (
        <div>
          <Button type="button" onClick={() => setEditing({ first: null, was: null })}>
            Add a rule
          </Button>
        </div>
      )}
      <PresetRules
        policy={policy}
        readOnly={readOnly}
        onReplace={(list, rule) => edit(list, rule, null)}
        onLeaveOut={(id) => onChange(setValue(yaml, ['without'], [...policy.without, id]))}
        onTakeBack={(id) =>
          onChange(
            setValue(
              yaml,
              ['without'],
              policy.without.filter((each) => each !== id),
            ),
          )
        }
      />
      <p className="max-w-[76ch] text-sm text-ink-3">
        Text and form are one document. Comments of the text stay, but for those inside a rule that is changed here;
        blanks and quotes may be set otherwise. Cases are written in the text.
      </p>
      {editing && (
        <RuleEditor
          first={editing.first}
          title={editing.was === null ? 'Add a rule' : `Change ${editing.was}`}
          onClose={() => setEditing(null)}
          onDone={(form) => {
            onChange(putRule(yaml, { list: form.list, was: editing.was, rule: ruleOfForm(form) }));
            setEditing(null);
          }}
        />
      )}
    </div>
  );
}

const lists = ['limits', 'defaults'] as const;
const kinds = { limits: 'limit', defaults: 'default' } as const;

type OwnProps = {
  policy: PolicyDocument;
  readOnly: boolean;
  onEdit: (list: RuleList, rule: Rule) => void;
  onDrop: (id: string) => void;
};

function OwnRules({ policy, readOnly, onEdit, onDrop }: OwnProps) {
  const doubts = findDoubts(policy);
  if (policy.limits.length + policy.defaults.length === 0)
    return <p className="text-sm text-ink-2">No rules of its own: the preset holds as it is.</p>;
  return (
    <ul aria-label="Rules of this policy" className="flex min-w-0 flex-col divide-y divide-line border-y border-line">
      {lists.flatMap((list) =>
        policy[list].map((rule) => (
          <li key={rule.id} className="flex min-w-0 flex-wrap items-start justify-between gap-x-4 gap-y-2 py-2">
            <div className="min-w-0 flex-1 basis-64 text-sm">
              <RuleWords rule={rule} kind={kinds[list]} />
              {doubts
                .filter((doubt) => doubt.rule === rule.id)
                .map(({ message }) => (
                  <p key={message} className="text-needs-ink">
                    {message}
                  </p>
                ))}
            </div>
            {!readOnly && (
              <div className="flex gap-2">
                <Button type="button" aria-label={`Change ${rule.id}`} onClick={() => onEdit(list, rule)}>
                  Change
                </Button>
                <Button type="button" look="quiet" aria-label={`Remove ${rule.id}`} onClick={() => onDrop(rule.id)}>
                  Remove
                </Button>
              </div>
            )}
          </li>
        )),
      )}
    </ul>
  );
}

function RuleWords({ rule, kind }: { rule: Rule; kind: string }) {
  const words = ruleInWords(rule);
  return (
    <p className="foreign">
      <Words text={words.charAt(0).toUpperCase() + words.slice(1)} />{' '}
      <span className="text-ink-3">
        {rule.why && `(${rule.why}) `}
        {kind} <span className="font-mono">{rule.id}</span>
      </span>
    </p>
  );
}

type PresetProps = {
  policy: PolicyDocument;
  readOnly: boolean;
  onReplace: (list: RuleList, rule: Rule) => void;
  onLeaveOut: (id: string) => void;
  onTakeBack: (id: string) => void;
};

/** What the preset adds; each can be replaced by one of one's own, or left out. */
function PresetRules({ policy, readOnly, onReplace, onLeaveOut, onTakeBack }: PresetProps) {
  if (policy.preset === undefined) return null;
  const own = new Set([...policy.limits, ...policy.defaults].map(({ id }) => id));
  const all = rulesOf(policy);
  const rules = lists.flatMap((list) => all[list].filter(({ id }) => !own.has(id)).map((rule) => ({ list, rule })));
  return (
    <details className="min-w-0">
      <summary className="cursor-pointer text-sm font-medium">
        {plural(rules.length, 'rule')} of the preset {policy.preset}
      </summary>
      <ul aria-label="Rules of the preset" className="flex min-w-0 flex-col divide-y divide-line pt-2">
        {rules.map(({ list, rule }, at) => (
          <li
            key={`${rule.id} ${at}`}
            className="flex min-w-0 flex-wrap items-start justify-between gap-x-4 gap-y-1 py-1.5"
          >
            <div className="min-w-0 flex-1 basis-64 text-sm">
              <RuleWords rule={rule} kind={kinds[list]} />
            </div>
            {!readOnly && (
              <div className="flex gap-2">
                <Button
                  type="button"
                  look="quiet"
                  aria-label={`Replace ${rule.id}`}
                  onClick={() => onReplace(list, rule)}
                >
                  Replace
                </Button>
                <Button
                  type="button"
                  look="quiet"
                  aria-label={`Leave out ${rule.id}`}
                  onClick={() => onLeaveOut(rule.id)}
                >
                  Leave out
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {policy.without.map((id) => (
        <p key={id} className="flex flex-wrap items-center gap-2 pt-2 text-sm text-ink-2">
          Left out: <span className="font-mono">{id}</span>
          {!readOnly && (
            <Button type="button" look="quiet" aria-label={`Take back ${id}`} onClick={() => onTakeBack(id)}>
              Take it back
            </Button>
          )}
        </p>
      ))}
    </details>
  );
}
