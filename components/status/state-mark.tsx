import { Mark } from '../ui/mark.tsx';
import type { State } from './status.ts';

export function StateMark({ state, bare }: { state: State; bare?: boolean }) {
  return (
    <Mark tone={state.tone} bare={bare}>
      {state.word}
    </Mark>
  );
}
