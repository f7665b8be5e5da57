import type { PolicyDocument } from '../../../server/domain/policy/document.ts';
import { presetNames } from '../../../server/domain/policy/presets/presets.ts';
import { verdicts } from '../../../server/domain/policy/verdict.ts';
import { Pick } from '../../ui/pick.tsx';

type Set = (at: readonly string[], value: string | null) => void;
type Props = { policy: PolicyDocument; readOnly: boolean; onSet: Set };

const kinds = ['command', 'read', 'write', 'network', 'mcp', 'external', 'else'] as const;
const kindLabels: Record<(typeof kinds)[number], string> = {
  command: 'Any other command',
  read: 'Any other file read',
  write: 'Any other file written',
  network: 'Any other host',
  mcp: 'Any other MCP tool',
  external: 'Any other writing to people',
  else: 'Anything else',
};
const thens = { allow: 'allowed', ask: 'asked', deny: 'refused' } as const;

/** What the policy begins with, who may change it, and what holds where no rule speaks. */
export function PolicyBasics({ policy: { preset, changes, otherwise = {} }, readOnly, onSet }: Props) {
  const pick = (at: readonly string[]) => (value: string) => onSet(at, value === '' ? null : value);
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <div className="grid min-w-0 gap-3 sm:grid-cols-2">
        <Pick
          label="It begins with"
          {...{ readOnly, value: preset ?? '', onPick: pick(['preset']) }}
          options={[['', 'nothing'], ...presetNames.map((name) => [name, `the preset ${name}`] as const)]}
        />
        <Pick
          label="Who may save the next version"
          {...{ readOnly, value: changes ?? '', onPick: pick(['changes']) }}
          options={[
            ['', 'admins and owners'],
            ['owners', 'owners alone'],
          ]}
        />
      </div>
      <details className="min-w-0">
        <summary className="cursor-pointer text-sm font-medium">What holds where no rule speaks</summary>
        <div className="grid min-w-0 gap-3 pt-2 sm:grid-cols-2 lg:grid-cols-4">
          {kinds.map((kind) => (
            <Pick
              key={kind}
              label={kindLabels[kind]}
              {...{ readOnly, value: otherwise[kind] ?? '', onPick: pick(['otherwise', kind]) }}
              options={[
                ['', preset === undefined ? 'as the platform says' : 'as the preset says'],
                ...verdicts.map((word) => [word, thens[word]] as const),
              ]}
            />
          ))}
        </div>
      </details>
    </div>
  );
}
