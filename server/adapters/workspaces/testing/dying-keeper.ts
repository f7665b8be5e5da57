import { systemClock } from '../../clock/system-clock.ts';
import { mirror } from '../../code-host/git-rig.ts';
import { gitCodeHost } from '../../code-host/git.ts';
import { localWorkspaces } from '../local.ts';
import { id } from './rig.ts';

// Opens a work tree, says where it is, and waits to be killed.
const [dataDir = '', commit = ''] = process.argv.slice(2);
const codeHost = gitCodeHost({ dataDir, allowLocal: true, clock: systemClock });
const { tree } = await localWorkspaces({ dataDir, codeHost, ladder: ['overlay'] }).keep({ id, mirror, commit });
process.send?.(tree);
setInterval(() => undefined, 1000);
