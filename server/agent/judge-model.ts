import type { RulesBasis } from '../domain/policy/rules-basis.ts';
import type { Verdict } from '../domain/policy/verdict.ts';
import type { RunOutcome } from '../domain/runs/run-state.ts';
import type { Backend } from './ports.ts';
import type { Slice } from './slice.ts';

type Asked = Pick<Backend, 'name' | 'provider'>;

/**
 * What the policy that holds now says of asking a model, and what it was read as. One that it does not allow is not asked, and
 * the log says why.
 */
export async function judgeModel(
  slice: Slice,
  { name, provider }: Asked,
): Promise<{ verdict: Verdict; basis: RulesBasis | null }> {
  const { rules } = slice.ports;
  // What is not on the org's list has no connection and no price, and was refused before.
  const decide = () => rules.decide({ kind: 'model_call', provider, model: name, listed: true });
  let basis = await slice.rulesNow();
  let verdict = decide();
  if (verdict.verdict !== 'allow' && basis !== null) {
    // It ends the run, and no commit is held to it: by nothing but what holds now.
    slice.add(...(await rules.renew()));
    basis = rules.basis?.() ?? null;
    verdict = decide();
  }
  if (verdict.verdict === 'allow') return { verdict, basis };
  slice.add({ kind: 'action.judged', payload: { on: 'model', what: `Asking ${provider}/${name}`, verdict } });
  return { verdict, basis };
}

/** A person's yes for one call does not exist: the policy or the choice of models has to change. */
export function notAllowed({ name, provider }: Asked, { rule, layer, reason }: Verdict): RunOutcome {
  const detail =
    `The policy does not let this run ask ${provider}/${name} (rule ${rule} of the ${layer}): ${reason} Choose another model ` +
    'under Settings, Model, or change the policy, then start the stage again.';
  return { reason: 'not_allowed', detail };
}
