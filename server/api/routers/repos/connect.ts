import { z } from 'zod';
import { connectRepo } from '../../../services/repos/connect-repo.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const reposConnect = orgProcedure('repos:connect')
  .input(
    z.object({
      source: z.enum(['sample', 'local', 'git']),
      remote: z.string().trim().max(2_000).default(''),
      name: z.string().trim().max(100).default(''),
      testCommand: z.string().trim().min(1).max(500).optional(),
    }),
  )
  .mutation(({ ctx, input: { org: _org, ...repo } }) =>
    connectRepo(
      {
        ...changeDeps(ctx),
        codeHost: ctx.web.codeHost,
        sampleRemote: ctx.web.sampleRemote,
        operator: ctx.viewer.operator,
      },
      repo,
    ),
  );
