import type { Metadata } from 'next';
import { VerifyPage } from '../../../components/verify/verify-page.tsx';

export const metadata: Metadata = { title: 'Verify a log' };

/** Open to everybody: an auditor needs no account to check what he was given. */
export default function Page() {
  return <VerifyPage />;
}
