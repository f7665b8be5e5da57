import { coreScripts, sandboxCore } from '../../adapters/sandbox/contract-core.ts';
import { memorySandbox, output, runsOn } from './memory-sandbox.ts';

sandboxCore('the sandbox in memory', async () =>
  memorySandbox({
    commands: { [coreScripts.says]: () => output('out\n', 3), [coreScripts.waits]: runsOn },
    jobs: { [coreScripts.job]: ({ say }) => say('up\n') },
  }),
);
