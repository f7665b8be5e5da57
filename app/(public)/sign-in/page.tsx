import type { Metadata } from 'next';
import { SignIn } from '../../../components/sign-in/sign-in.tsx';
import { localPath, queryValue, type Query } from '../../query.ts';

export const metadata: Metadata = { title: 'Sign in' };

export default async function Page({ searchParams }: { searchParams: Query }) {
  const callbackUrl = localPath(await queryValue(searchParams, 'callbackUrl'));
  return <SignIn callbackUrl={callbackUrl} error={await queryValue(searchParams, 'error')} />;
}
