/** What a story may know of a request: the agent's role and round, and what its calls have answered so far. */
export type Conversation = {
  role: string;
  round: number;
  /** The first user message: task, scope, evidence, findings. */
  brief: string;
  /** How many of the story's turns are done: a turn whose call was lost or could not be read is not, and is said again. */
  position: number;
  /** Where earlier turns were summed up, so that they cannot be counted: what the last one said, and whether it is done. */
  after: { say: string; done: boolean } | null;
  /** What the calls of the last finished turn answered. */
  results: string[];
  /** What it was told after these: texts of the platform and of people. */
  told: string[];
};

export type ChatMessage = { role: string; content: string | null | unknown[] };

/** How the loop words a call that a crash cut off, or that came with arguments which are none: it is made again. */
const notDone = /was interrupted|its arguments are not valid JSON/;
const summedUp = /This is what is left of it\./;

function text(message: ChatMessage): string {
  return typeof message.content === 'string' ? message.content : JSON.stringify(message.content ?? '');
}

const isDone = (answers: string[]) => !answers.some((result) => notDone.test(result));

/** Turn by turn what was answered; `last` is what the newest turn said, and whether it is done. */
function readTurns(messages: ChatMessage[], brief: ChatMessage) {
  let position = 0;
  let results: string[] = [];
  let told: string[] = [];
  let current: string[] | null = null;
  let say = '';
  const close = () => {
    if (current === null || !isDone(current)) return;
    results = current;
    position += 1;
  };
  for (const message of messages) {
    if (message.role === 'assistant') {
      close();
      current = [];
      told = [];
      say = text(message);
    } else if (message.role === 'tool') {
      current?.push(text(message));
    } else if (message.role === 'user' && message !== brief) {
      told.push(text(message));
    }
  }
  close();
  return { position, results, told, last: current && { say, done: isDone(current) } };
}

/** Reads a request as the scripted server gets it (one message per tool result). Null when no agent of ours wrote it. */
export function readConversation(messages: ChatMessage[]): Conversation | null {
  const brief = messages.find((message) => message.role === 'user');
  if (!brief) return null;
  const role = /^Role: ([\w-]+)$/m.exec(text(brief))?.[1];
  const round = /^Round: (\d+)$/m.exec(text(brief))?.[1];
  if (!role || !round) return null;
  const { last, ...turns } = readTurns(messages, brief);
  const after = summedUp.test(text(brief)) ? last : null;
  return { role, round: Number(round), brief: text(brief), after, ...turns };
}
