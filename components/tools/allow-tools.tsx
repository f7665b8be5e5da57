'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { mcpRisks, type McpRisk } from '../../server/domain/mcp/mcp-server.ts';
import type { McpServerView, McpToolView } from '../../server/domain/views/tool-views.ts';
import { PutBeforeOthers } from '../policy/put-before-others.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/input.tsx';
import { Notice } from '../ui/notice.tsx';

const riskWords: Record<McpRisk, string> = {
  reads: 'Only reads',
  writes: 'Writes; asked for in each run',
  destroys: 'Can destroy; asked for in each run',
};

const stateWords: Record<McpToolView['state'], string | null> = {
  allowed: null,
  offered: null,
  changed: 'It is described otherwise than when it was allowed, and closed until you allow it again.',
  gone: 'Allowed, and not offered any more.',
  unfit: null,
};

/** What is ticked, and the risk of each. */
type Choice = Record<string, { on: boolean; risk: McpRisk }>;

function choiceOf(tools: readonly McpToolView[]): Choice {
  return Object.fromEntries(tools.map(({ name, state, risk }) => [name, { on: state === 'allowed', risk }]));
}

type RowProps = {
  tool: McpToolView;
  chosen: { on: boolean; risk: McpRisk };
  disabled: boolean;
  onChange: (chosen: { on: boolean; risk: McpRisk }) => void;
};

function ToolRow({ tool: { name, description, state, problem }, chosen, disabled, onChange }: RowProps) {
  const closed = disabled || state === 'unfit' || state === 'gone';
  const note = problem ?? stateWords[state];
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-1 py-2">
      <label className="flex min-h-8 min-w-0 flex-1 basis-72 items-start gap-3 pointer-coarse:min-h-11">
        <input
          type="checkbox"
          className="mt-1 size-4 shrink-0 accent-accent-fill"
          checked={chosen.on}
          disabled={closed}
          onChange={(event) => onChange({ ...chosen, on: event.target.checked })}
        />
        <span className="min-w-0 text-sm">
          <span className="font-mono font-medium break-words foreign">{name}</span>
          <span className="block max-w-[76ch] break-words text-ink-2 foreign">{description || 'No description.'}</span>
          {note !== null && <span className="block text-needs-ink">{note}</span>}
        </span>
      </label>
      <Select
        aria-label={`What ${name} can do`}
        className="max-w-72"
        value={chosen.risk}
        disabled={closed}
        onChange={(event) => onChange({ ...chosen, risk: event.target.value as McpRisk })}
      >
        {mcpRisks.map((risk) => (
          <option key={risk} value={risk}>
            {riskWords[risk]}
          </option>
        ))}
      </Select>
    </li>
  );
}

type Props = {
  org: string;
  server: McpServerView;
  mayChange: boolean;
  /** Who else approves what is allowed, in words; null: nobody has to. */
  waitsFor: string | null;
};

/** The tools of a server, each with what it can at most do, which a person judges. */
export function AllowTools({ org, server: { id, name, tools }, mayChange, waitsFor }: Props) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [choice, setChoice] = useState(() => choiceOf(tools));
  const allow = useMutation(trpc.tools.allow.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }));
  const send = () => {
    const chosen = tools.flatMap(({ name: tool, hash }) => {
      const { on, risk } = choice[tool]!;
      return on ? [{ name: tool, hash, risk }] : [];
    });
    allow.mutate({ org, serverId: id, tools: chosen });
  };
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm text-ink-3">
        The names and descriptions are the server’s words. Read them as a stranger’s.
      </p>
      <ul aria-label={`Tools of ${name}`} className="flex flex-col divide-y divide-line">
        {tools.map((tool) => (
          <ToolRow
            key={tool.name}
            tool={tool}
            chosen={choice[tool.name]!}
            disabled={!mayChange}
            onChange={(chosen) => setChoice({ ...choice, [tool.name]: chosen })}
          />
        ))}
      </ul>
      {allow.error && <Notice look="bad">{errorText(allow.error)}</Notice>}
      <PutBeforeOthers org={org} saved={allow.data} />
      {mayChange && waitsFor !== null && (
        <p className="max-w-[76ch] text-sm text-ink-2">
          What allows more waits, together with all else that is ticked or not, until {waitsFor} has approved it. What
          only closes counts at once.
        </p>
      )}
      {mayChange && (
        <Button className="self-start" busy={allow.isPending} onClick={send}>
          Allow what is ticked
        </Button>
      )}
      <p role="status" className="text-sm text-ink-2 empty:hidden">
        {allow.data && 'allowed' in allow.data
          ? 'Saved. Runs that begin from now on have what is ticked; what is not is closed at once.'
          : ''}
      </p>
    </div>
  );
}
