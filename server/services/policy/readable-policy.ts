import { AppError } from '../../domain/errors.ts';
import type { PolicyDocument } from '../../domain/policy/document.ts';
import { readPolicy } from '../../domain/policy/policy-yaml.ts';

/** The policy, or `invalid_input` with what is wrong with it in words. */
export function readablePolicy(yaml: string): PolicyDocument {
  const reading = readPolicy(yaml);
  if (reading.ok) return reading.policy;
  const words = reading.problems.slice(0, 5).map(({ line, message }) => `Line ${line}: ${message}`);
  throw new AppError('invalid_input', words.join('\n'));
}
