import { AuthenticationError, NotFoundError, RateLimitError, ServiceBusyError } from 'e2b';
import { AppError } from '../../../domain/errors.ts';

type At = { name: string; domain: string; template: string };

/** What E2B answered, as people read it: what is wrong and what to do. The key is in none of it. */
export function e2bFault(error: unknown, at: At): AppError {
  if (error instanceof AppError) return error;
  const said = error instanceof Error ? error.message : String(error);
  return new AppError(
    'sandbox_unavailable',
    `The E2B engine ${at.name} (${at.domain}) made no sandbox. ${advice(error, said, at)}`,
  );
}

function advice(error: unknown, said: string, { name, domain, template }: At): string {
  const again = `npx fleet engine add ${name} --url e2b://${domain} --api-key-file FILE`;
  if (error instanceof AuthenticationError) return `It refuses the key. Make a new one there and enter it: ${again}`;
  if (error instanceof RateLimitError)
    return 'Its limit of sandboxes or requests is reached. Try again later, or raise it there.';
  if (error instanceof ServiceBusyError) return 'It has no room at the moment. Try again in a minute.';
  const isTemplate = error instanceof NotFoundError || /template/iu.test(said);
  if (isTemplate)
    return `It has no template ${template} for this key: npx fleet engine image ${name} --use TEMPLATE (${said})`;
  const isAway = /fetch failed|ENOTFOUND|ECONNREFUSED|EAI_AGAIN|timed? ?out/iu.test(`${said} ${causeOf(error)}`);
  return isAway ? `It is not reachable from here (${said}). Is the address right? ${again}` : said;
}

function causeOf(error: unknown): string {
  const { cause } = (error ?? {}) as { cause?: { code?: unknown; message?: unknown } };
  return `${String(cause?.code ?? '')} ${String(cause?.message ?? '')}`;
}
