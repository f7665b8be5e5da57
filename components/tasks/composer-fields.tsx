'use client';

import type { RepoView } from '../../server/domain/views/repo-views.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input, Select, TextArea } from '../ui/input.tsx';
import { LineList } from './line-list.tsx';
import { budgetIn, type Draft } from './use-draft.ts';

type Props = {
  repos: RepoView[];
  repoId: string;
  onRepo: (repoId: string) => void;
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
  /** Null where the repo has no sample task. */
  onSample: (() => void) | null;
};

function RepoField({ repos, repoId, onRepo }: Pick<Props, 'repos' | 'repoId' | 'onRepo'>) {
  return (
    <Field label="Repo">
      {(wiring) => (
        <Select {...wiring} value={repoId} onChange={(event) => onRepo(event.target.value)}>
          {repos.map((repo) => (
            <option key={repo.id} value={repo.id}>
              {repo.name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function WordFields({ draft, onChange }: Pick<Props, 'draft' | 'onChange'>) {
  return (
    <>
      <Field label="Title">
        {(wiring) => (
          <Input
            {...wiring}
            required
            maxLength={200}
            value={draft.title}
            onChange={(event) => onChange({ title: event.target.value })}
          />
        )}
      </Field>
      <Field label="Text" optional hint="What should be different afterwards, and what must stay as it is.">
        {(wiring) => (
          <TextArea
            {...wiring}
            rows={6}
            maxLength={20000}
            value={draft.body}
            onChange={(event) => onChange({ body: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

function BudgetFields({ draft, onChange }: Pick<Props, 'draft' | 'onChange'>) {
  const wrong = budgetIn(draft) === null && 'Type a number here and beside it.';
  return (
    <div className="grid gap-x-4 gap-y-6 sm:grid-cols-2">
      <Field label="Money in dollars" hint="For all its runs together." error={wrong}>
        {(wiring) => (
          <Input
            {...wiring}
            required
            inputMode="decimal"
            value={draft.money}
            onChange={(event) => onChange({ money: event.target.value })}
          />
        )}
      </Field>
      <Field label="Run time in minutes" hint="Waiting for a person is free.">
        {(wiring) => (
          <Input
            {...wiring}
            required
            inputMode="decimal"
            value={draft.minutes}
            onChange={(event) => onChange({ minutes: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

export function ComposerFields({ repos, repoId, onRepo, draft, onChange, onSample }: Props) {
  return (
    <>
      <RepoField repos={repos} repoId={repoId} onRepo={onRepo} />
      {onSample && draft.title === '' && (
        <Button className="self-start" onClick={onSample}>
          Fill in the sample task
        </Button>
      )}
      <WordFields draft={draft} onChange={onChange} />
      <LineList
        label="Acceptance points"
        one="Point"
        placeholder="The first page holds 20"
        hint="Each one a person or a test can check. The reviewer judges by them."
        values={draft.acceptance}
        onChange={(acceptance) => onChange({ acceptance })}
      />
      <LineList
        label="Where the agent may write"
        one="Pattern"
        placeholder="src/**"
        mono
        hint="Path patterns. A change anywhere else is left out of the commit and reported."
        values={draft.scope}
        onChange={(scope) => onChange({ scope })}
      />
      <BudgetFields draft={draft} onChange={onChange} />
    </>
  );
}
