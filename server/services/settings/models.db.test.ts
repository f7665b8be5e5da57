import { beforeAll, describe, expect, it } from 'vitest';
import { callerAs, testWeb } from '../../api/testing/test-web.ts';
import { openListener } from '../../db/listen.ts';
import { readEvents } from '../../db/read-events.ts';
import { anthropicId } from '../../domain/models/model-settings.ts';
import type { ProviderAnswer } from '../../domain/ports/ask-provider.ts';
import { testSecretBoxes } from '../../testing/secret-boxes.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeMember, makeOrg, makeRepo, makeStarters, type TestOrg } from '../../testing/factories.ts';
import { readConnectionKey } from './connection-key.ts';

const key = 'sk-very-secret-0123456789-wxyz';
let tested: TestDatabase;
let web: ReturnType<typeof testWeb>;
beforeAll(async () => {
  tested = await testDatabase();
  const listener = openListener(tested.appUrl);
  web = testWeb({ database: tested.database, listener });
  return () => listener.close();
});

const listed: ProviderAnswer = { kind: 'accepted', models: ['gpt-6.1-sol', 'qwen-coder'] };
const openAi = { name: 'OpenAI', protocol: 'chat-completions', baseUrl: ' https://api.openai.com/v1/ ', key } as const;
const free = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
const sizes = { contextTokens: 64_000, maxOutputTokens: 8_000, images: false, thinking: false };

function as(org: TestOrg, answer: ProviderAnswer = listed, environmentModelKey = false) {
  const settings = { ...web.settings, environmentModelKey };
  const caller = callerAs({ ...web, settings, askProvider: async () => answer }, { ...org.owner, operator: false });
  const ofOrg = { org: org.slug };
  return {
    caller,
    view: () => caller.settings.models(ofOrg),
    connect: (over = {}) => caller.settings.saveModelConnection({ ...ofOrg, ...openAi, ...over }),
    choose: (use: 'default' | 'fallback', connectionId: string, model: string) =>
      caller.settings.chooseModel({ ...ofOrg, use, ref: { connectionId, model } }),
  };
}

const kindsOf = async ({ db, orgId }: TestOrg) =>
  (await readEvents(db, { orgId, kind: 'org', subject: orgId, afterSeq: 0, limit: 100 })).map(({ kind }) => kind);

describe('a model provider', () => {
  it('is connected with a sealed key that nobody can read again, and offers the known models it lists', async () => {
    const org = await makeOrg(tested.database);
    const { connect, view, caller } = as(org);
    const { connectionId } = await connect();
    const seen = await view();
    expect(seen.connections).toMatchObject([{ name: 'OpenAI', baseUrl: 'https://api.openai.com/v1', hint: 'wxyz' }]);
    expect(seen.options).toMatchObject([
      { connectionId, model: 'gpt-6.1-sol', own: false, prices: { input: 2_000_000 } },
    ]);
    const events = await caller.audit.events({ org: org.slug });
    const raw = await tested.admin('select body::text, (select string_agg(hint, $1) from secret) from model_settings', [
      ',',
    ]);
    expect(JSON.stringify([seen, events, raw])).not.toContain('very-secret');
    expect(
      await readConnectionKey(
        { db: org.db, orgId: org.orgId, secretBoxes: testSecretBoxes(tested.database) },
        connectionId,
      ),
    ).toBe(key);
    expect(
      await readConnectionKey(
        { db: org.db, orgId: org.orgId, secretBoxes: testSecretBoxes(tested.database) },
        anthropicId,
      ),
    ).toBeNull();
    expect(await kindsOf(org)).toContain('model-connection.saved');
  });

  it.each([
    ['a rejected key', { kind: 'rejected' }, {}, /rejects this key/],
    ['a private address of who is no operator', { kind: 'not_allowed' }, {}, /Only the operator/],
    ['silence', { kind: 'unreachable', why: 'ECONNREFUSED' }, {}, /Nobody.*answered.*ECONNREFUSED/],
    ['what is no address', listed, { baseUrl: 'ftp://x' }, /Type the address of the API/],
    ['a password in the address', listed, { baseUrl: 'https://u:p@x.example' }, /Leave user name, password/],
    ['a key with a space', listed, { key: 'sk 1' }, /not an API key/],
  ] as const)('is refused with %s, and nothing is saved', async (_name, answer, over, message) => {
    const org = await makeOrg(tested.database);
    await expect(as(org, answer).connect(over)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringMatching(message),
    });
    expect(await org.db.secret.count()).toBe(0);
    expect((await as(org).view()).connections).toEqual([]);
  });

  it('stays while a choice rests on it, then goes with its key and its own models', async () => {
    const org = await makeOrg(tested.database);
    const { connect, choose, caller, view } = as(org);
    const { connectionId } = await connect();
    await choose('default', connectionId, 'gpt-6.1-sol');
    const remove = () => caller.settings.removeModelConnection({ org: org.slug, connectionId });
    await expect(remove()).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringMatching(/default model/) });
    await caller.settings.chooseModel({ org: org.slug, use: 'default', ref: null });
    await remove();
    expect(await view()).toMatchObject({ connections: [], options: [], default: null });
    expect(await org.db.secret.count()).toBe(0);
  });

  it('two people connect at once stays one under its name', async () => {
    const org = await makeOrg(tested.database);
    const { connect, view } = as(org);
    const both = await Promise.allSettled([connect(), connect()]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await view()).connections).toHaveLength(1);
    expect(await org.db.secret.count()).toBe(1);
  });

  it('is nobody else’s: another org neither sees it nor can choose it', async () => {
    const org = await makeOrg(tested.database);
    const { connectionId } = await as(org).connect();
    const other = as(await makeOrg(tested.database));
    expect((await other.view()).connections).toEqual([]);
    await expect(other.choose('default', connectionId, 'gpt-6.1-sol')).rejects.toMatchObject({
      message: expect.stringMatching(/connection for the model gpt-6.1-sol is gone/),
    });
    const member = await makeMember(tested.database, org, 'maintainer');
    const asMember = callerAs(web, { ...member, operator: false }).settings;
    const naming = { org: org.slug, use: 'default' as const, ref: null };
    await expect(asMember.chooseModel(naming)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('an own model', () => {
  it('is added with size and price, which may be zero, and answers once it is chosen', async () => {
    const org = await makeOrg(tested.database);
    const { connect, choose, caller, view } = as(org);
    await makeStarters(tested.database, org);
    const { repoId } = await makeRepo(org);
    const asked = { org: org.slug, repoId, title: 'Anything' };
    expect(await caller.tasks.preflight(asked)).toMatchObject({
      canStart: false,
      why: expect.stringMatching(/no model key/),
    });
    const { connectionId } = await connect();
    expect(await caller.tasks.preflight(asked)).toMatchObject({
      why: expect.stringMatching(/Choose one under Settings/),
    });
    const own = { connectionId, model: 'qwen-coder' };
    await expect(choose('default', connectionId, 'qwen-coder')).rejects.toMatchObject({
      message: expect.stringMatching(/does not know the model qwen-coder.*context size and its price/),
    });
    await caller.settings.saveModel({ org: org.slug, ...own, ...sizes, prices: free });
    await choose('default', connectionId, 'qwen-coder');
    expect(await caller.tasks.preflight(asked)).toEqual({ canStart: true, why: null });
    expect(await view()).toMatchObject({ roles: [{ model: 'qwen-coder', why: null }, { model: 'qwen-coder' }] });
    expect(await caller.settings.model({ org: org.slug })).toMatchObject({ kind: 'connected' });
    await caller.settings.removeModel({ org: org.slug, ...own });
    expect(await caller.tasks.preflight(asked)).toMatchObject({
      canStart: false,
      why: expect.stringMatching(/qwen-coder/),
    });
    expect((await kindsOf(org)).filter((kind) => kind.startsWith('model'))).toEqual([
      ...['model-connection.saved', 'model.saved', 'model.chosen', 'model.removed'],
    ]);
  });

  it('may be a known one with the price the org pays', async () => {
    const org = await makeOrg(tested.database);
    const { view, caller } = as(org, listed, true);
    const fable = { connectionId: anthropicId, model: 'claude-fable-5-2' };
    const shown = async () => (await view()).options.find(({ model }) => model === fable.model);
    expect(await shown()).toMatchObject({ prices: null, own: false });
    await caller.settings.saveModel({ org: org.slug, ...fable, ...sizes, prices: { ...free, output: 7 } });
    expect(await shown()).toMatchObject({ prices: { output: 7 }, own: true, contextTokens: 1_000_000 });
  });

  it.each([
    [{ contextTokens: 4_000, maxOutputTokens: 1_000 }, /need 16000 at least/],
    [{ maxOutputTokens: 64_000 }, /has to fit/],
    [{ prices: { ...free, input: 1e12 } }, /at most 10,000/],
    [{ connectionId: 'mco_none' }, /no such connection/],
  ])('%j is refused', async (over, message) => {
    const org = await makeOrg(tested.database);
    const model = { org: org.slug, connectionId: anthropicId, model: 'x', ...sizes, prices: free, ...over };
    await expect(as(org).caller.settings.saveModel(model)).rejects.toMatchObject({
      message: expect.stringMatching(message),
    });
  });
});
