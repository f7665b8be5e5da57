import type { Metadata } from 'next';
import { ConfirmSignIn } from '../../../../components/sign-in/confirm-sign-in.tsx';
import { queryValue, type Query } from '../../../query.ts';

export const metadata: Metadata = { title: 'Sign in' };

export default async function Page({ searchParams }: { searchParams: Query }) {
  const token = await queryValue(searchParams, 'token');
  const email = await queryValue(searchParams, 'email');
  return <ConfirmSignIn token={token} email={email} callbackUrl={await queryValue(searchParams, 'callbackUrl')} />;
}
