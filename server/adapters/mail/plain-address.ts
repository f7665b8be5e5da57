import { AppError } from '../../domain/errors.ts';

/** One bare address. Refuses lists, display names and line breaks, by which one mail would become several. */
export function plainAddress(to: string): string {
  if (/^[^\s@,;<>"()\\[\]]+@[^\s@,;<>"()\\[\]]+$/.test(to) && to.length <= 254) return to;
  throw new AppError('invalid_input', 'That is not an e-mail address. Type one address such as name@example.com.');
}
