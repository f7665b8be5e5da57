/** Longest argument list that is taken as arguments, in characters: a file that a person would still look at. */
const mostCharacters = 1024 * 1024;
const shownCharacters = 2000;

/** What stands for an argument list that is too long: its beginning and the reason. Null for one that is not. */
export function cutArguments(json: string): string | null {
  if (json.length <= mostCharacters) return null;
  return `${json.slice(0, shownCharacters)}… [these arguments had ${json.length} characters and at most ${mostCharacters} are taken]`;
}

/** The reason, where arguments that are a text were cut for it. */
export function whyCut(text: string): string | null {
  return /… \[(these arguments had \d+ characters and at most \d+ are taken)\]$/.exec(text)?.[1] ?? null;
}
