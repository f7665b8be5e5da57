import { z } from 'zod';
import { surveyRepo } from '../../../services/repos/survey-repo.ts';
import { orgProcedure } from '../../trpc.ts';

export const reposSurvey = orgProcedure('repos:connect')
  .input(z.object({ repoId: z.string() }))
  .mutation(({ ctx, input: { repoId } }) =>
    surveyRepo({ db: ctx.db, orgId: ctx.org.id, codeHost: ctx.web.codeHost }, { repoId }),
  );
