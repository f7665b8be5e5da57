'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { QuestionKind } from '../../server/domain/policy/access/question.ts';
import type { AccessAnswer } from '../../server/domain/views/access-view.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input, Select } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';
import { Words } from '../ui/words.tsx';
import type { AccessInput } from './choice.ts';
import { RuleName, VerdictMark } from './verdict.tsx';

const kinds: Record<QuestionKind, { label: string; hint: string }> = {
  write: { label: 'Write the file', hint: 'db/migrations/002.sql' },
  read: { label: 'Read the file', hint: 'src/main.js' },
  command: { label: 'Run the command', hint: 'npm test && git push' },
  host: { label: 'Fetch from', hint: 'https://example.com/page' },
  tool: { label: 'Call the tool', hint: 'server/tool' },
};

/** May it do this? Answered by the code that decides when an agent tries. */
export function AskForm({ org, input, names }: { org: string; input: AccessInput; names: readonly string[] }) {
  const trpc = useTRPC();
  const [kind, setKind] = useState<QuestionKind>('write');
  const [text, setText] = useState('');
  const [asked, setAsked] = useState<{ kind: QuestionKind; text: string } | null>(null);
  const question = asked ?? { kind, text: '-' };
  const { data, error, isFetching } = useQuery(
    trpc.policy.ask.queryOptions({ org, ...input, question }, { enabled: asked !== null, retry: false }),
  );
  return (
    <form
      className="flex min-w-0 flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        setAsked({ kind, text: text.trim() });
      }}
    >
      <div className="flex flex-wrap items-end gap-2">
        <Field label="May it" className="w-full sm:w-48">
          {(wiring) => (
            <Select {...wiring} value={kind} onChange={({ target }) => setKind(target.value as QuestionKind)}>
              {Object.entries(kinds).map(([value, { label }]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Which" className="min-w-40 flex-1">
          {(wiring) => (
            <Input
              {...wiring}
              mono
              required
              dir="ltr"
              maxLength={4_000}
              spellCheck={false}
              placeholder={kinds[kind].hint}
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          )}
        </Field>
        <Button type="submit" look="primary" busy={isFetching} disabled={text.trim() === ''}>
          Ask
        </Button>
      </div>
      {error && <Notice look="bad">{errorText(error)}</Notice>}
      <div role="status" aria-label="Answer" className="flex min-w-0 flex-col gap-3">
        {asked &&
          data?.map((answer, at) => (
            <Answer key={at} answer={answer} name={data.length === 2 ? names[at]! : null} text={asked.text} />
          ))}
      </div>
    </form>
  );
}

function Answer({ answer, name, text }: { answer: AccessAnswer; name: string | null; text: string }) {
  const { noTool, verdict } = answer;
  return (
    <div className="flex min-w-0 flex-col gap-1 rounded-md border border-line bg-sunken px-3 py-2.5">
      {name !== null && <p className="font-medium">{name}</p>}
      {verdict && (
        <>
          <p className="flex flex-wrap items-baseline gap-x-3 text-sm">
            <VerdictMark verdict={verdict} />
            <RuleName verdict={verdict} />
          </p>
          <p className="max-w-[76ch] foreign">
            <Words text={verdict.reason} />
          </p>
        </>
      )}
      {noTool !== null && <p className="text-sm text-ink-2">{noTool}</p>}
      {verdict === null && noTool === null && (
        <p className="foreign">
          The role is given <span className="font-mono">{text}</span>. What it does with it is decided call by call.
        </p>
      )}
    </div>
  );
}
