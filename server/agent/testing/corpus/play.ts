import { foldTranscript } from '../../../domain/transcript/fold.ts';
import type { RunEvent } from '../../../domain/events/run-events.ts';
import type { Browser, BrowserPage } from '../../../domain/ports/browser.ts';
import type { Web } from '../../../domain/ports/web.ts';
import type { Desk, SliceEnd } from '../../ports.ts';
import { harness, noWeb, type Harness, type Setup } from '../harness.ts';
import { memorySandbox, output, type MemorySandbox } from '../memory-sandbox.ts';
import { corpusMcp, corpusServers, corpusWrites } from './servers.ts';
import type { Theme } from './stories.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const files = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`src/f${n}.js`, 'one\ntwo\nthree\n']));

/** Commands answer by their first word; what is in `src/f<n>.js` of any n can be edited. Notes all that was started. */
export function corpusSandbox(): MemorySandbox {
  const sandbox = memorySandbox({ files });
  const { read, write } = sandbox;
  const answer = (command: string) => {
    const [word = '', n = ''] = command.split(' ');
    if (word === 'fail') return output(`AssertionError: ${n} is not 4\n`, 1);
    if (word === 'big') return output(`${n} ${'x'.repeat(12_000)}\n${`line of ${n}\n`.repeat(2_000)}`);
    if (word === 'slow') return { ...output(`${n} …\n`, 0), exitCode: null, ended: 'timed_out' as const };
    return output(`${n} is fine\n`);
  };
  const isEdited = (path: string) => /^src\/f\d+\.js$/.test(path);
  const appear = (path: string) => {
    if (isEdited(path) && !sandbox.files.has(path)) sandbox.files.set(path, bytes('one\ntwo\nthree\n'));
  };
  sandbox.exec = async (request) => {
    const ended = {
      exitCode: 0,
      ended: 'exited',
      head: bytes(''),
      tail: bytes(''),
      droppedBytes: 0,
      durationMs: 5,
    } as const;
    if (!/^(ok|fail|slow|big) \d+$/.test(request.command)) return { ...ended, ...output('src/f1.js:1:one\n') };
    sandbox.started.push(request.command);
    return { ...ended, ...answer(request.command) };
  };
  sandbox.start = async (request) => {
    const word = request.command.split(' ')[0];
    const script = (job: { say(text: string): void; end(exitCode: number): void }) => {
      job.say('listening\n');
      if (word === 'once') job.end(3);
    };
    const one = memorySandbox({ jobs: { [request.command]: script } });
    sandbox.started.push(request.command);
    return one.start(request);
  };
  sandbox.read = (path, options) => (appear(path), read(path, options));
  sandbox.write = (path, content, options) => (appear(path), write(path, content, options));
  return sandbox;
}

/** A page that answers everything but what ends in a five; opening, clicking and typing are noted with the commands. */
function corpusBrowser(sandbox: MemorySandbox): Browser {
  const page: BrowserPage = {
    ...{ kind: 'page', url: 'http://localhost:3000/', title: 'Page', status: 200, text: 'Words of the page.' },
    ...{ cut: 0, elements: ['1 button Save'], more: 0, said: [] },
  };
  return {
    async ask(request) {
      const of = 'element' in request ? request.element : 'url' in request ? request.url : null;
      if (of !== null) sandbox.started.push(`${request.act} ${of}`);
      if (String(of).endsWith('5')) return { kind: 'refused', reason: 'There is no such element.' };
      if (request.act !== 'screenshot') return page;
      return { ...page, image: { bytes: Uint8Array.of(1, 2, 3), width: 800, height: 600 } };
    },
  };
}

/** Addresses that end in a five are refused. */
const corpusWeb: Web = {
  ...noWeb,
  async send(request) {
    if (request.url.endsWith('5')) return noWeb.send(request);
    const body = async function* () {
      yield bytes(`Words of ${request.url}.`);
    };
    return { kind: 'answered', status: 200, headers: new Headers({ 'content-type': 'text/plain' }), body: body() };
  },
};

/** What a run of the corpus has outside of its sandbox. */
export function corpusOutside(sandbox: MemorySandbox): Pick<Setup, 'browser' | 'web' | 'servers' | 'mcp' | 'grants'> {
  const allows = { paths: [], hosts: [], commands: [], tools: [corpusWrites] };
  const grants = [{ approvalId: 'apr_1', allows }];
  return { browser: corpusBrowser(sandbox), web: corpusWeb, servers: corpusServers(sandbox), mcp: corpusMcp, grants };
}

/** People who answer when the run has begun to wait; each call is taken once, however often it comes. */
export function corpusDesk() {
  const taken: string[] = [];
  const asked = new Set<string>();
  const waits = { for: 'an answer', since: '2026-11-22T12:00:00Z', wakes: 'a person answers', ref: null };
  const take = async ({ callId }: { callId: string }) => {
    if (!taken.includes(callId)) taken.push(callId);
    return { kind: 'accepted' as const, events: [] };
  };
  const desk: Desk = {
    handoff: take,
    decide: take,
    claim: async ({ paths }) => ({ kind: 'held', text: `Reserved: ${paths.join(', ')}.` }),
    async delegate({ callId, body }) {
      await take({ callId });
      if (asked.has(callId)) return { kind: 'answered', isError: false, text: `A helper says: see ${body.question}` };
      asked.add(callId);
      return { kind: 'waiting', on: { kind: 'run', id: `run_${callId}` }, waits };
    },
    async ask({ callId, request }) {
      await take({ callId });
      const approvalId = `apr_${callId}`;
      if (!asked.has(callId)) {
        asked.add(callId);
        return { kind: 'waiting', approvalId, waits };
      }
      const granted = { callId, approvalId, until: '2026-11-23T12:00:00Z' };
      const allows = { paths: ['docs/x.md'], hosts: [], commands: [] };
      const events: RunEvent[] =
        request.kind === 'scope'
          ? [{ kind: 'scope.granted', payload: { ...granted, allows } }]
          : request.kind === 'budget'
            ? [{ kind: 'budget.raised', payload: { callId, approvalId, addMicros: 10, addSeconds: 300 } }]
            : [];
      return { kind: 'answered', text: `A person says: yes to ${request.kind}.`, events };
    },
  };
  return { desk, taken };
}

class Crash extends Error {}

/** What happens round a conversation of a theme while it is recorded. */
export function happenings(theme: Theme, seed: number): Partial<Setup> {
  const inbox: NonNullable<Setup['inbox']> = [];
  let crashes = theme === 'crash' ? 3 : 0;
  let pauses = theme === 'people' ? 1 : 0;
  return {
    inbox,
    pausing: () => pauses-- > 0,
    limits: theme === 'memory' ? { windowTokens: 30_000 } : theme === 'limits' ? { turns: 8 } : {},
    houseRules: { 'src/AGENTS.md': `Rules of src, ${seed}.` },
    afterWrite: (commit) => {
      if (commit === 4 && theme !== 'circles') inbox.push({ source: 'person', text: `Mind the tests, ${seed}.` });
      if (crashes > 0 && commit % 3 === 1) {
        crashes -= 1;
        throw new Crash();
      }
    },
  };
}

/** Plays a run to its end as the worker would: slices, crashes, waits and pauses. Returns the whole log. */
export async function playOut(made: Harness): Promise<{ log: RunEvent[]; end: SliceEnd & { kind: 'ended' } }> {
  for (let slices = 0; slices < 60; slices += 1) {
    const end = await made.slice().catch((error: unknown) => {
      if (error instanceof Crash) return null;
      throw error;
    });
    if (end === null || end.kind === 'continue') continue;
    made.log.push(...end.unrecorded);
    if (end.kind === 'ended') return { log: made.log, end };
    const waits = end.kind === 'waiting' ? end.waits : pauseWaits;
    const approvalId = end.kind === 'waiting' && end.on.kind === 'approval' ? end.on.id : null;
    made.log.push({ kind: 'run.waiting', payload: { waits, approvalId } });
  }
  throw new Error('The run does not end.');
}

const pauseWaits = { for: 'a person', since: '2026-11-22T12:00:00Z', wakes: 'a person resumes it', ref: null };

/** A run that goes on from a part of its log in a new sandbox, as another worker would. */
export function resumed(log: RunEvent[], setup: Setup): Harness {
  const { jobs } = foldTranscript(log);
  const ended = jobs.map((job): RunEvent => ({
    kind: 'job.ended',
    payload: { ...job, by: 'sandbox', exitCode: null, said: '' },
  }));
  return harness({ ...setup, log: [...log, ...ended] });
}
