import type { Metadata } from 'next';
import { openWeb } from '../../../server/api/open-web.ts';
import { SignIn } from '../../../components/sign-in/sign-in.tsx';
import { localPath, queryValue, type Query } from '../../query.ts';

export const metadata: Metadata = { title: 'Sign in' };

export default async function Page({ searchParams }: { searchParams: Query }) {
  const callbackUrl = localPath(await queryValue(searchParams, 'callbackUrl'));
  const github = openWeb().settings.github !== null;
  return <SignIn callbackUrl={callbackUrl} error={await queryValue(searchParams, 'error')} github={github} />;
}
