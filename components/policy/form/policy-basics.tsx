import type { PolicyDocument } from '../../../server/domain/policy/document.ts';
import { presetNames } from '../../../server/domain/policy/presets/presets.ts';
import { verdicts } from '../../../server/domain/policy/verdict.ts';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Pick } from '../../ui/pick.tsx';

type Set = (at: readonly string[], value: string | Record<string, string> | null) => void;
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
export function PolicyBasics({ policy, readOnly, onSet }: Props) {
  const { preset, changes, otherwise = {} } = policy;
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
        <Approval {...{ policy, readOnly, onSet }} />
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

/** Who else approves the next version, and whether what only refuses more waits for it. */
function Approval({ policy: { approval }, readOnly, onSet }: Props) {
  const set = (change: Record<string, string>) => {
    const {
      by = 'admins',
      team = 'platform',
      tightening = '',
    }: Record<string, string | undefined> = {
      ...approval,
      ...change,
    };
    onSet(['approval'], { by, ...(by === 'team' && { team }), ...(tightening !== '' && { tightening }) });
  };
  return (
    <>
      <Pick
        label="Who else has to approve it"
        {...{
          readOnly,
          value: approval?.by ?? '',
          onPick: (by) => (by === '' ? onSet(['approval'], null) : set({ by })),
        }}
        options={[
          ['', 'nobody'],
          ['admins', 'another admin or owner'],
          ['owners', 'another owner'],
          ['team', 'somebody else of a team'],
        ]}
      />
      {approval && (
        <Pick
          label="A version that only refuses more"
          {...{ readOnly, value: approval.tightening ?? '', onPick: (tightening) => set({ tightening }) }}
          options={[
            ['', 'waits for approval too'],
            ['at-once', 'counts at once'],
          ]}
        />
      )}
      {approval?.by === 'team' && (
        <Field label="The team">
          {(wiring) => (
            <Input
              {...wiring}
              key={approval.team}
              readOnly={readOnly}
              defaultValue={approval.team}
              maxLength={60}
              onBlur={({ target }) => target.value.trim() !== '' && set({ team: target.value.trim() })}
            />
          )}
        </Field>
      )}
    </>
  );
}
