import { hireStarters } from '../../../services/orgs/hire-starters.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

export const startersHire = orgProcedure('org:configure').mutation(({ ctx }) => hireStarters(changeDeps(ctx)));
