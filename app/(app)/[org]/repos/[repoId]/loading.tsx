import { DetailSkeleton } from '../../../../../components/ui/skeleton.tsx';

export default function Loading() {
  return <DetailSkeleton />;
}
