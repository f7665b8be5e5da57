import type { PolicyDocument } from '../../../server/domain/policy/document.ts';
import { approvedBesides, besides, type Beside } from '../../../server/domain/policy/approval-rule.ts';
import { presetNames } from '../../../server/domain/policy/presets/presets.ts';
import { verdicts } from '../../../server/domain/policy/verdict.ts';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Pick } from '../../ui/pick.tsx';

type Set = (at: readonly string[], value: string | Record<string, string | readonly string[]> | null) => void;
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

const alsoKeys = ['both', 'agents', 'tools', 'none'] as const;
type AlsoKey = (typeof alsoKeys)[number];
const alsoWords: Record<AlsoKey, string> = {
  both: 'what lets agents do more, and tools of MCP servers',
  agents: 'what lets agents do more',
  tools: 'tools of MCP servers',
  none: 'nothing else',
};
const alsoOf: Record<AlsoKey, readonly Beside[]> = { both: besides, agents: ['agents'], tools: ['tools'], none: [] };

function alsoKey(also: readonly Beside[]): AlsoKey {
  const [agents, tools] = [also.includes('agents'), also.includes('tools')];
  return agents && tools ? 'both' : agents ? 'agents' : tools ? 'tools' : 'none';
}

type Said = Partial<Record<'by' | 'team' | 'tightening', string>> & { also?: readonly Beside[] | undefined };

/** The rule with a change, as it is written: the keys that are said, in their order. */
function written(approval: PolicyDocument['approval'], change: Said) {
  const { by = 'admins', team = 'platform', tightening = '', also }: Said = { ...approval, ...change };
  return { by, ...(by === 'team' && { team }), ...(tightening !== '' && { tightening }), ...(also && { also }) };
}

/** What waits besides versions of policies and roles. */
function AlsoWaits({ policy, readOnly, onSet }: Props) {
  const { approval } = policy;
  if (approval === undefined) return null;
  const unsaid = approvedBesides({ ...policy, approval: { ...approval, also: undefined } });
  const pick = (picked: string) => {
    const key = alsoKeys.find((each) => each === picked);
    onSet(['approval'], written(approval, { also: key && alsoOf[key] }));
  };
  return (
    <Pick
      label="What waits for it besides versions of policies and roles"
      {...{ readOnly, value: approval.also === undefined ? '' : alsoKey(approval.also), onPick: pick }}
      options={[
        ['', `not said, so ${alsoWords[alsoKey(unsaid)]}`],
        ...alsoKeys.map((key) => [key, alsoWords[key]] as const),
      ]}
    />
  );
}

/** Who else approves the next version, what waits besides, and whether what only refuses more waits for it. */
function Approval({ policy, readOnly, onSet }: Props) {
  const { approval } = policy;
  const set = (change: Said) => onSet(['approval'], written(approval, change));
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
      <AlsoWaits {...{ policy, readOnly, onSet }} />
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
