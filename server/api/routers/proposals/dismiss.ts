import { z } from 'zod';
import { dismissProposal } from '../../../services/proposals/dismiss-proposal.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';
import { proposalInput } from './proposal-input.ts';

export const proposalsDismiss = orgProcedure('org:configure')
  .input(proposalInput.extend({ reason: z.string().trim().min(1, 'Say why it is left aside.').max(300) }))
  .mutation(async ({ ctx, input: { proposalId, digest, reason } }) => {
    await dismissProposal(changeDeps(ctx), { proposalId, digest, reason });
    return { proposalId };
  });
