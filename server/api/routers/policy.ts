import { router } from '../trpc.ts';
import { policyAccess } from './policy/access.ts';
import { policyAsk } from './policy/ask.ts';
import { policyBacktest } from './policy/backtest.ts';
import { policyExplain } from './policy/explain.ts';
import { policyGet } from './policy/get.ts';
import { policySave } from './policy/save.ts';
import { policySmoke } from './policy/smoke.ts';
import { policySmoked } from './policy/smoked.ts';

export const policyRouter = router({
  get: policyGet,
  explain: policyExplain,
  backtest: policyBacktest,
  save: policySave,
  access: policyAccess,
  ask: policyAsk,
  smoke: policySmoke,
  smoked: policySmoked,
});
