import { AppError } from '../../server/domain/errors.ts';

type Answered = { message: string; data?: { appCode?: string | null } | null };

/** Runs one command against the server; what it refuses, and that it is not there, are said and not thrown as a stack. */
export async function answering<T>(url: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AppError || !(error instanceof Error)) throw error;
    const { data, message } = error as Answered;
    if (data === undefined) throw error;
    if (data === null)
      throw new AppError('unavailable', `No Fleet answers at ${url}. Is it running, and the address right?`);
    throw new AppError('invalid_input', message);
  }
}
