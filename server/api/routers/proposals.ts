import { router } from '../trpc.ts';
import { proposalsAccept } from './proposals/accept.ts';
import { proposalsDismiss } from './proposals/dismiss.ts';
import { proposalsList } from './proposals/list.ts';
import { proposalsLook } from './proposals/look.ts';
import { proposalsRestore } from './proposals/restore.ts';

/** What files of repos propose. */
export const proposals = router({
  list: proposalsList,
  look: proposalsLook,
  accept: proposalsAccept,
  dismiss: proposalsDismiss,
  restore: proposalsRestore,
});
