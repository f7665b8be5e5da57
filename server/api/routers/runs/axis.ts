import { z } from 'zod';
import { getRunAxis } from '../../../services/views/get-run-axis.ts';
import { viewQuery } from '../../view-query.ts';
import { orgProcedure } from '../../trpc.ts';

const moment = z.iso.datetime().transform((text) => new Date(text));

export const runsAxis = orgProcedure('runs:read')
  .input(
    z
      .object({
        runId: z.string().max(64),
        from: moment.nullable().default(null),
        to: moment.nullable().default(null),
        buckets: z.int().min(1).max(400).default(200),
      })
      .refine(({ from, to }) => from === null || to === null || from < to, 'The span ends before it begins.'),
  )
  .query(({ ctx, input: { runId, from, to, buckets } }) =>
    getRunAxis({ ...viewQuery(ctx), codeHost: ctx.web.codeHost }, { runId, from, to, buckets }),
  );
