import type { Adapter, AdapterAccount, AdapterUser } from 'next-auth/adapters';
import type { SystemDb } from '../db/connect.ts';
import { newId } from '../db/new-id.ts';
import { sessionDigest } from './session-token.ts';

type UserRow = { id: string; email: string; emailVerified: Date | null; name: string | null; image: string | null };

const asUser = (row: UserRow): AdapterUser => ({
  id: row.id,
  email: row.email,
  emailVerified: row.emailVerified,
  name: row.name,
  image: row.image,
});
const orNull = (row: UserRow | null) => (row === null ? null : asUser(row));

/**
 * next-auth's storage over the global tables. Sessions are stored as digests; a verification token is used once. Accounts
 * and sessions are marked with `provider`, through which this request signs in; null by mail.
 */
export function prismaAdapter(system: SystemDb, provider: string | null): Adapter {
  return {
    createUser: async (user: Omit<AdapterUser, 'id'>) =>
      asUser(
        await system.user.create({
          data: { id: newId('user'), email: user.email, emailVerified: user.emailVerified, name: user.name },
        }),
      ),
    getUser: async (id) => orNull(await system.user.findUnique({ where: { id } })),
    getUserByEmail: async (email) => orNull(await system.user.findUnique({ where: { email } })),
    getUserByAccount: async ({ providerAccountId }) => {
      if (provider === null) return null;
      const account = await system.account.findUnique({
        where: { provider_providerAccountId: { provider, providerAccountId } },
        include: { user: true },
      });
      return orNull(account?.user ?? null);
    },
    updateUser: async ({ id, emailVerified, name }) =>
      asUser(await system.user.update({ where: { id }, data: { emailVerified, name } })),
    linkAccount: async ({ providerAccountId, userId, type, scope }: AdapterAccount) => {
      if (provider === null) return;
      await system.account.create({ data: { provider, providerAccountId, userId, type, scope } });
    },
    createSession: async ({ sessionToken, userId, expires }) => {
      await system.session.create({
        data: { id: newId('session'), sessionToken: sessionDigest(sessionToken), userId, expires, provider },
      });
      return { sessionToken, userId, expires };
    },
    getSessionAndUser: async (sessionToken) => {
      const row = await system.session.findUnique({
        where: { sessionToken: sessionDigest(sessionToken) },
        include: { user: true },
      });
      if (row === null) return null;
      return { session: { sessionToken, userId: row.userId, expires: row.expires }, user: asUser(row.user) };
    },
    updateSession: async ({ sessionToken, expires }) => {
      await system.session.updateMany({ where: { sessionToken: sessionDigest(sessionToken) }, data: { expires } });
      return null;
    },
    deleteSession: async (sessionToken) => {
      await system.session.deleteMany({ where: { sessionToken: sessionDigest(sessionToken) } });
    },
    createVerificationToken: async ({ identifier, token, expires }) => {
      await system.verificationToken.create({ data: { identifier, token, expires } });
      return { identifier, token, expires };
    },
    useVerificationToken: async ({ identifier, token }) => {
      const where = { identifier_token: { identifier, token } };
      const row = await system.verificationToken.findUnique({ where });
      if (row === null) return null;
      const used = await system.verificationToken.deleteMany({ where: { identifier, token } });
      return used.count === 1 ? row : null;
    },
  };
}
