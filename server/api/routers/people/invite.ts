import { z } from 'zod';
import { admitSignIn } from '../../../auth/limit-sign-in.ts';
import { newSecret } from '../../../auth/new-secret.ts';
import { orgRoles } from '../../../domain/authz/scopes.ts';
import { AppError } from '../../../domain/errors.ts';
import { inviteMember } from '../../../services/people/invite-member.ts';
import { changeDeps } from '../../change-deps.ts';
import { orgProcedure } from '../../trpc.ts';

const email = z.string().trim().toLowerCase().max(254).pipe(z.email('Type one address such as name@example.com.'));

export const peopleInvite = orgProcedure('members:manage')
  .input(z.object({ email, role: z.enum(orgRoles) }))
  .mutation(async ({ ctx, input }) => {
    const { mailer, settings, database } = ctx.web;
    const deps = changeDeps(ctx);
    // Counted apart from sign-in mails: nobody is to be kept from signing in by being invited.
    const asked = { email: `invitation ${input.email}`, client: `inviter ${ctx.viewer.userId}` };
    if (!(await admitSignIn({ system: database.system, now: deps.now }, asked))) {
      throw new AppError('conflict', 'Too many invitations were mailed just now. Go on in a quarter of an hour.');
    }
    const { publicUrl } = settings;
    return inviteMember({ ...deps, mailer, publicUrl, secret: newSecret() }, input);
  });
