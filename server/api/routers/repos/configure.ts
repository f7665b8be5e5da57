import { z } from 'zod';
import { repoSetup } from '../../../domain/setup/repo-setup.ts';
import { configureRepo } from '../../../services/repos/configure-repo.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const reposConfigure = orgProcedure('repos:connect')
  .input(z.object({ repoId: z.string(), testCommand: z.string().trim().max(500), setup: repoSetup }))
  .mutation(({ ctx, input: { org: _org, ...commands } }) => configureRepo(changeDeps(ctx), commands));
