import { z } from 'zod';
import { probeRepo } from '../../../services/repos/probe-repo.ts';
import { orgProcedure } from '../../trpc.ts';

export const reposProbe = orgProcedure('repos:connect')
  .input(z.object({ source: z.enum(['local', 'git']), remote: z.string().trim().min(1).max(2_000) }))
  .mutation(({ ctx, input }) =>
    probeRepo(
      { codeHost: ctx.web.codeHost, clock: ctx.web.clock, operator: ctx.viewer.operator },
      { source: input.source, remote: input.remote },
    ),
  );
