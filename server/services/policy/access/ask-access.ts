import { questionAction, whyNoTool, type AccessQuestion } from '../../../domain/policy/access/question.ts';
import { decide } from '../../../domain/policy/decide.ts';
import type { AccessAnswer } from '../../../domain/views/access-view.ts';
import type { ViewQuery } from '../../views/view-query.ts';
import { knownTools } from '../known-tools.ts';
import { openSide, readPlace, type SideQuery } from './open-side.ts';
import { verdictView } from './version-numbers.ts';

type Ask = { repoId: string; taskId: string | null; sides: SideQuery[]; question: AccessQuestion };

/** What would be said to each of these roles, were it to do this now. Throws `not_found`. */
export async function askAccess(query: ViewQuery, { sides, question, ...at }: Ask): Promise<AccessAnswer[]> {
  const place = await readPlace(query, at);
  const known = await knownTools(query.db, query.orgId);
  const action = questionAction(question, known);
  const view = await verdictView(query);
  const answers: AccessAnswer[] = [];
  for (const side of sides) {
    const { role, body, context } = await openSide(query, place, side);
    const verdict = action === null ? null : view(decide(context, action));
    answers.push({ role, noTool: whyNoTool(question, body), verdict });
  }
  return answers;
}
