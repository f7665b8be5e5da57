import { cutArguments } from '../../domain/tools/long-arguments.ts';

/**
 * Half an argument list must never pass for a whole one: what is no JSON object stays the text that it is. What is far too
 * long becomes a sentence, so that it neither runs nor comes back in every later prompt.
 */
export function argumentsOf(json: string): unknown {
  const cut = cutArguments(json);
  if (cut !== null) return cut;
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
