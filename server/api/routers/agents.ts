import { router } from '../trpc.ts';
import { agentsHire } from './agents/hire.ts';
import { agentsList } from './agents/list.ts';
import { agentsReinstate } from './agents/reinstate.ts';
import { agentsRetire } from './agents/retire.ts';
import { agentsRevisions } from './agents/revisions.ts';
import { agentsSave } from './agents/save.ts';

export const agentsRouter = router({
  list: agentsList,
  hire: agentsHire,
  save: agentsSave,
  revisions: agentsRevisions,
  retire: agentsRetire,
  reinstate: agentsReinstate,
});
