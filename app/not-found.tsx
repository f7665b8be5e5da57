import { NotFound } from '../components/ui/not-found.tsx';
import { PlainPage } from '../components/ui/plain-page.tsx';

export default function Page() {
  return (
    <PlainPage>
      <NotFound />
    </PlainPage>
  );
}
