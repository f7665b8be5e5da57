'use client';

import type { ReactNode } from 'react';
import type { ApprovalView } from '../../server/domain/views/views.ts';
import { BacktestPanel, StartBacktest } from '../policy/backtest-panel.tsx';
import { LineChanges } from '../policy/line-changes.tsx';
import { RuleChanges } from '../policy/rule-changes.tsx';
import { useBacktest } from '../policy/use-backtest.ts';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/section.tsx';

function TryIt({ org, yaml }: { org: string; yaml: string }) {
  const backtest = useBacktest(org);
  return (
    <>
      <div className="flex flex-wrap items-end gap-2">
        <StartBacktest backtest={backtest} yaml={yaml} />
      </div>
      <BacktestPanel org={org} backtest={backtest} />
    </>
  );
}

/** What a version of a policy or role would change, in words and line by line, and how the past would have come out. */
export function DefinitionChanges({ org, approval }: { org: string; approval: ApprovalView }): ReactNode {
  const { definition } = approval;
  if (definition === null) return null;
  const { stricter, looser, before, after, triable, approval: rule } = definition;
  return (
    <Section title="What would change">
      {rule && (
        <Notice look="warn" title="It changes who approves the next version">
          Now: {rule.before} Then: {rule.after}
        </Notice>
      )}
      <RuleChanges stricter={stricter} looser={looser} />
      <LineChanges before={before} after={after} label="What would change, line by line" />
      {triable && approval.status === 'pending' && <TryIt org={org} yaml={after} />}
    </Section>
  );
}
