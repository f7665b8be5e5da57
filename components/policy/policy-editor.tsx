'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { PolicyView } from '../../server/domain/views/policy-views.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input, TextArea } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { BacktestPanel, StartBacktest } from './backtest-panel.tsx';
import { Explanation } from './explanation.tsx';
import { PolicyForm } from './form/policy-form.tsx';
import { LineChanges } from './line-changes.tsx';
import { PutBeforeOthers } from './put-before-others.tsx';
import { useBacktest } from './use-backtest.ts';

type Props = { org: string; policy: PolicyView; mayChange: boolean };

type YamlProps = { yaml: string; onChange: (yaml: string) => void; readOnly: boolean; error: string | null };

function YamlField({ yaml, onChange, readOnly, error }: YamlProps) {
  return (
    <Field
      label="Policy in YAML"
      hint="Rules, and cases that are tried at each save: docs/guides/policy.md."
      error={error && <span className="whitespace-pre-line">{error}</span>}
    >
      {(wiring) => (
        <TextArea
          {...wiring}
          dir="ltr"
          rows={18}
          spellCheck={false}
          readOnly={readOnly}
          className="font-mono"
          value={yaml}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

const views = { yaml: 'Text', form: 'Form' } as const;
type View = keyof typeof views;

/** The document as text or in fields; what is not saved yet goes along. */
function PolicyDraft(props: YamlProps) {
  const [view, setView] = useState<View>('yaml');
  return (
    <>
      <div role="group" aria-label="How it is shown" className="flex gap-1">
        {(Object.keys(views) as View[]).map((each) => (
          <Button
            key={each}
            type="button"
            look={each === view ? 'plain' : 'quiet'}
            aria-pressed={each === view}
            onClick={() => setView(each)}
          >
            {views[each]}
          </Button>
        ))}
      </div>
      {view === 'yaml' ? (
        <YamlField {...props} />
      ) : (
        <>
          <PolicyForm yaml={props.yaml} onChange={props.onChange} readOnly={props.readOnly} />
          {props.error && (
            <Notice look="bad">
              <span className="whitespace-pre-line">{props.error}</span>
            </Notice>
          )}
        </>
      )}
    </>
  );
}

type SaveProps = {
  policy: PolicyView;
  note: string;
  onNote: (note: string) => void;
  busy: boolean;
  changed: boolean;
};

function SaveFields({ policy, note, onNote, busy, changed }: SaveProps) {
  return (
    <>
      <Field label="What changes and why" className="min-w-40 flex-1">
        {(wiring) => (
          <Input {...wiring} required maxLength={300} value={note} onChange={(event) => onNote(event.target.value)} />
        )}
      </Field>
      <Button type="submit" look="primary" busy={busy} disabled={!changed || note.trim() === ''}>
        {policy.isApproved ? 'Propose' : 'Save as'} version {policy.version + 1}
      </Button>
    </>
  );
}

/** The policy as YAML or as a form; what it means is asked of the server, by the code that decides. */
export function PolicyEditor({ org, policy, mayChange }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [yaml, setYaml] = useState(policy.yaml);
  const [note, setNote] = useState('');
  const explain = useMutation(trpc.policy.explain.mutationOptions());
  const onSuccess = async (saved: object) => {
    // What waits for approval is shown below the policy in force, which stands in the editor again.
    if ('approvalId' in saved) {
      setYaml(policy.yaml);
      setNote('');
    }
    await queryClient.invalidateQueries();
  };
  const save = useMutation(trpc.policy.save.mutationOptions({ onSuccess }));
  const backtest = useBacktest(org);
  const changed = yaml !== policy.yaml;
  const edit = (text: string) => {
    setYaml(text);
    save.reset();
    explain.reset();
    backtest.reset();
  };
  return (
    <form
      className="flex min-w-0 flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ org, yaml, note, basedOn: policy.version });
      }}
    >
      <PolicyDraft yaml={yaml} onChange={edit} readOnly={!mayChange} error={save.error && errorText(save.error)} />
      {changed && <LineChanges before={policy.yaml} after={yaml} label="What would change" />}
      <div className="flex flex-wrap items-end gap-2">
        <Button type="button" busy={explain.isPending} onClick={() => explain.mutate({ org, yaml })}>
          Say what it means
        </Button>
        {changed && <StartBacktest backtest={backtest} yaml={yaml} />}
        {mayChange && (
          <SaveFields policy={policy} note={note} onNote={setNote} busy={save.isPending} changed={changed} />
        )}
      </div>
      <PutBeforeOthers org={org} saved={save.data} />
      {policy.isApproved && <p className="text-sm text-ink-2">{policy.approval}</p>}
      {!mayChange && <Notice>Owners and admins can change the policy.</Notice>}
      {explain.error && <Notice look="bad">{errorText(explain.error)}</Notice>}
      {explain.data && <Explanation said={explain.data} />}
      <BacktestPanel org={org} backtest={backtest} />
    </form>
  );
}
