import { AuthenticationError, NotFoundError, RateLimitError, ServiceBusyError } from 'e2b';
import { AppError } from '../../../domain/errors.ts';
import type { E2bAccount } from './e2b-machine.ts';

type At = Pick<E2bAccount, 'name' | 'domain' | 'template' | 'of'>;

/** What E2B answered, as people read it: what is wrong and what to do. The key is in none of it. */
export function e2bFault(error: unknown, at: At): AppError {
  if (error instanceof AppError) return error;
  const said = error instanceof Error ? error.message : String(error);
  const what = at.of === 'org' ? `This org’s account at ${at.domain}` : `The E2B engine ${at.name} (${at.domain})`;
  return new AppError('sandbox_unavailable', `${what} made no sandbox. ${advice(error, said, at)}`);
}

/** What sets it right: the operator's commands, or a page of the org's own. */
function remedies({ of, name, domain }: At): { again: string; template: string } {
  if (of === 'org') return { again: 'Settings, Sandboxes', template: 'Settings, Sandboxes' };
  return {
    again: `npx fleet engine add ${name} --url e2b://${domain} --api-key-file FILE`,
    template: `npx fleet engine image ${name} --use TEMPLATE`,
  };
}

function advice(error: unknown, said: string, at: At): string {
  const { again, template } = remedies(at);
  if (error instanceof AuthenticationError) return `It refuses the key. Make a new one there and enter it: ${again}`;
  if (error instanceof RateLimitError)
    return 'Its limit of sandboxes or requests is reached. Try again later, or raise it there.';
  if (error instanceof ServiceBusyError) return 'It has no room at the moment. Try again in a minute.';
  const isTemplate = error instanceof NotFoundError || /template/iu.test(said);
  if (isTemplate) return `It has no template ${at.template} for this key: ${template} (${said})`;
  const isAway = /fetch failed|ENOTFOUND|ECONNREFUSED|EAI_AGAIN|timed? ?out/iu.test(`${said} ${causeOf(error)}`);
  return isAway ? `It is not reachable from here (${said}). Is the address right? ${again}` : said;
}

function causeOf(error: unknown): string {
  const { cause } = (error ?? {}) as { cause?: { code?: unknown; message?: unknown } };
  return `${String(cause?.code ?? '')} ${String(cause?.message ?? '')}`;
}
