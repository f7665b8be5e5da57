import { z } from 'zod';
import { acceptProposal } from '../../../services/proposals/accept-proposal.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';
import { proposalInput } from './proposal-input.ts';

export const proposalsAccept = orgProcedure('org:configure')
  // `basedOn`: the version in force that the person saw it compared with; `orgVersion`: the org's policy above it;
  // `hash`: of what they saw that it would bring.
  .input(proposalInput.extend({ basedOn: z.int().nonnegative(), orgVersion: z.int().nonnegative(), hash: z.string() }))
  .mutation(({ ctx, input: { proposalId, digest, basedOn, orgVersion, hash } }) =>
    acceptProposal(changeDeps(ctx), { proposalId, digest, basedOn, orgVersion, hash }),
  );
