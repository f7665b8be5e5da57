import { fenced } from '../../domain/transcript/fenced.ts';
import type { RepoSetup } from '../../domain/setup/repo-setup.ts';
import { list, quotedLine, quotedLines, section } from '../text/sections.ts';
import type { Brief } from './brief.ts';
import { houseRulesSection } from './house-rules.ts';
import { policyInWords } from './policy-words.ts';
import { reviewSections } from './review-text.ts';
import { reworkSection } from './rework-text.ts';

const dollars = (micros: number) => `$${(micros / 1_000_000).toFixed(2)}`;

const filer = 'from the person who filed it';

function taskSections({ task: { number, title, body, acceptance } }: Brief): string[] {
  const text = body.trim() === '' ? title : `${title}\n\n${body}`;
  const points = list(acceptance.map((point, index) => `A${index + 1}: ${point}`));
  return [
    section(`Task ${number}`, fenced(`task ${number}, ${filer}`, text)),
    ...(acceptance.length === 0 ? [] : [section('It is done when', fenced(`acceptance points, ${filer}`, points))]),
  ];
}

/** The task below is what it is asked for; the question is what is to be done. */
function questionSection(question: string): string {
  const words = 'An agent that works on the task below asks you this, and waits for your report:';
  return section('What you are asked', `${words}\n${fenced('question, from the agent that asked for you', question)}`);
}

function repositorySection({ repo: { name, defaultBranch, testCommand, setup }, hints }: Brief): string {
  const parts = [
    `${quotedLine(name)}, default branch ${quotedLine(defaultBranch)}. Its tests run with this command:\n` +
      fenced('test command, as the repository is set up here', testCommand),
    ...(setup ? setupParts(setup) : []),
    hints.length > 0 &&
      'It describes the environment that its people use in these files; your sandbox need not be like that.\n' +
        fenced('paths, from the repository', list(quotedLines(hints))),
  ];
  return section('Repository', parts.filter((part) => part !== false).join('\n\n'));
}

function setupParts({ install, build, lint, services }: RepoSetup): string[] {
  const started = services
    .map(({ name, port, command }) => `${name}, port ${port}: ${command ?? 'not here'}`)
    .join('\n');
  const parts: [string, string, string][] = [
    ['Its dependencies are installed; what this made is there and is never part of a commit:', 'set-up', install],
    ['It is built with:', 'build command', build],
    ['Its linter runs with:', 'lint command', lint],
    [
      'The platform starts these beside the tests; start them yourself as jobs where you need them:',
      'services',
      started,
    ],
  ];
  return parts
    .filter(([, , text]) => text !== '')
    .map(([words, name, text]) => `${words}\n${fenced(`${name}, as the repository is set up here`, text)}`);
}

/** The first user message of a run: the task and all that is fixed for it. Never changes while the run lasts. */
export function firstMessage(brief: Brief): string {
  const { role, round, limits } = brief;
  const minutes = Math.round(limits.seconds / 60);
  return [
    `Role: ${role}\nRound: ${round}`,
    ...(brief.question === null ? [] : [questionSection(brief.question)]),
    ...taskSections(brief),
    repositorySection(brief),
    section('What holds for this run', policyInWords(brief)),
    section(
      'Budget',
      `${limits.seconds} s of run-time (${minutes} min), ${dollars(limits.costMicros)} and ${limits.turns} turns. Waiting for a person is free. You are told at 25, 50 and 75 % what is left, and to finish at 85 %.`,
    ),
    houseRulesSection(brief),
    reworkSection(brief.rework),
    ...reviewSections(brief.review),
  ]
    .filter((part) => part !== null)
    .join('\n\n');
}
