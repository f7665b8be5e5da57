/** Longest argument list that is taken as arguments, in characters: a file that a person would still look at. */
const mostCharacters = 1024 * 1024;
const shownCharacters = 2000;

/**
 * Half an argument list must never pass for a whole one: what is no JSON object stays the text that it is. What is far too
 * long becomes a sentence, so that it neither runs nor comes back in every later prompt.
 */
export function argumentsOf(json: string): unknown {
  if (json.length > mostCharacters) {
    return `${json.slice(0, shownCharacters)}… [these arguments had ${json.length} characters and at most ${mostCharacters} are taken]`;
  }
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : json;
  } catch {
    return json;
  }
}

/** Arguments that were no JSON are kept as text; providers take objects only. */
export function sentArguments(input: unknown): object {
  return typeof input === 'object' && input !== null ? input : { invalid_json: String(input) };
}
