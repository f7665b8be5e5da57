/** What a story may know of a request: the agent's role and round, and what its calls have answered so far. */
export type Conversation = {
  role: string;
  round: number;
  /** The first user message: task, scope, evidence, findings. */
  brief: string;
  /** How many of the story's turns are done: a turn whose call was lost in a crash is not, and is said again. */
  position: number;
  /** What the calls of the last finished turn answered. */
  results: string[];
  /** What it was told after these: texts of the platform and of people. */
  told: string[];
};

export type ChatMessage = { role: string; content: string | null | unknown[] };

/** How the loop words a call that a crash cut off; a scripted agent answers it by calling again. */
const lostMarker = /was interrupted/;

function text(message: ChatMessage): string {
  return typeof message.content === 'string' ? message.content : JSON.stringify(message.content ?? '');
}

/** Reads a request as the scripted server gets it (one message per tool result). Null when no agent of ours wrote it. */
export function readConversation(messages: ChatMessage[]): Conversation | null {
  const brief = messages.find((message) => message.role === 'user');
  if (!brief) return null;
  const role = /^Role: ([\w-]+)$/m.exec(text(brief))?.[1];
  const round = /^Round: (\d+)$/m.exec(text(brief))?.[1];
  if (!role || !round) return null;

  let position = 0;
  let results: string[] = [];
  let told: string[] = [];
  let current: string[] | null = null;
  const close = () => {
    if (current === null || current.some((result) => lostMarker.test(result))) return;
    results = current;
    position += 1;
  };
  for (const message of messages) {
    if (message.role === 'assistant') {
      close();
      current = [];
      told = [];
    } else if (message.role === 'tool') {
      current?.push(text(message));
    } else if (message.role === 'user' && message !== brief) {
      told.push(text(message));
    }
  }
  close();
  return { role, round: Number(round), brief: text(brief), position, results, told };
}
