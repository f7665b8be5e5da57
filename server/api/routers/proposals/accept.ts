import { acceptProposal } from '../../../services/proposals/accept-proposal.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';
import { proposalInput } from './proposal-input.ts';

export const proposalsAccept = orgProcedure('org:configure')
  .input(proposalInput)
  .mutation(({ ctx, input: { proposalId, digest } }) => acceptProposal(changeDeps(ctx), { proposalId, digest }));
