import { landingDue, remainingMicros, remainingMillis } from '../domain/budget/budget.ts';
import { budgetStep } from '../domain/budget/steps.ts';
import { rulesTouched } from '../domain/context/house-rules.ts';
import type { RunEvent } from '../domain/events/run-events.ts';
import { stuckNotice } from '../domain/stuck/notice.ts';
import { stuckIn, stuckLimits, type Stuck } from '../domain/stuck/stuck.ts';
import { toolClassOf } from '../domain/tools/tool-classes.ts';
import { budgetNotice, cutReplyNotice, landingNotice, silentReplyNotice } from '../domain/transcript/notices.ts';
import { nextCall } from './call-model.ts';
import { mostSilentReplies } from './outcomes.ts';
import type { InboxMessage } from './ports.ts';
import { say } from './say.ts';
import type { Slice } from './slice.ts';
import { headOf } from './text/truncate.ts';

const mostRules = 40;
const mostRuleBytes = 16 * 1024;

/** Not every role has it, and no helper: nobody is told to call what is not there. */
const mayAsk = ({ definitions }: Slice): boolean => definitions.some(({ name }) => name === 'ask_person');

/** After a reply that called nothing and that nobody answered: what to do now. */
function actNow(slice: Slice): RunEvent[] {
  const { transcript, definitions } = slice;
  const { silentReplies, spokenTo, lastStop } = transcript;
  if (silentReplies === 0 || spokenTo) return [];
  if (lastStop === 'max_tokens') return [say('platform', cutReplyNotice)];
  const ends = definitions.find(({ name }) => toolClassOf(name)?.risk === 'ends_run');
  const finalTool = ends?.name ?? 'your final tool';
  const left = mostSilentReplies - silentReplies;
  return [say('platform', silentReplyNotice({ finalTool, left, mayAsk: mayAsk(slice) }))];
}

/** What is left, at each step once; and once, while there is still enough left to finish with, that it is time to. */
function budgetTold(slice: Slice): RunEvent[] {
  const { transcript, budget } = slice;
  if (transcript.landing) return [];
  const left = {
    seconds: Math.floor(remainingMillis(budget) / 1000),
    costMicros: remainingMicros(budget),
    turns: budget.turns - budget.turnsUsed,
    tokens: budget.tokensLeft,
  };
  if (landingDue(budget, nextCall(slice))) return [say('platform', landingNotice(left))];
  const step = budgetStep(budget);
  return step > transcript.budgetTold ? [say('platform', budgetNotice(step, left))] : [];
}

/** House rules of the folders that the last calls worked in, each once until a compaction takes them away. */
async function rulesRead({ transcript, ports }: Slice): Promise<RunEvent[]> {
  const { calls, rulesRead: read } = transcript;
  if (calls.length === 0 || read.length >= mostRules) return [];
  const touched = rulesTouched(await ports.houseRules.paths(), calls).filter((path) => !read.includes(path));
  const texts = await Promise.all(touched.slice(0, mostRules - read.length).map((path) => ports.houseRules.read(path)));
  return texts.flatMap((text, index): RunEvent[] => {
    if (text === null) return [];
    return [{ kind: 'rules.read', payload: { path: touched[index]!, text: headOf(text, mostRuleBytes) } }];
  });
}

/** Whether the run goes round in circles; a landing run has been told enough. */
export function stuckOf({ transcript, limits, definitions }: Slice): Stuck | null {
  if (transcript.landing) return null;
  const writes = definitions.some(({ name }) => toolClassOf(name)?.risk === 'writes_files');
  return stuckIn(transcript.trail, stuckLimits({ ...limits, writes }));
}

/** Whether it is to be told that it does nothing or turns in circles: not before what a person has said, who may have answered it. */
export const isNudged = (slice: Slice): boolean => actNow(slice).length > 0 || stuckOf(slice) !== null;

/** What the agent is told before its next reply; `heard` has come in from people. */
export async function addTexts(slice: Slice, heard: readonly InboxMessage[]): Promise<void> {
  for (const { source, text, commandId } of heard) slice.add(say(source, text, commandId));
  slice.add(...slice.ports.news());
  slice.add(...(await rulesRead(slice)));
  slice.add(...actNow(slice));
  const stuck = stuckOf(slice);
  if (stuck) slice.add(say('platform', stuckNotice(stuck, { mayAsk: mayAsk(slice) })));
  slice.add(...budgetTold(slice));
}
