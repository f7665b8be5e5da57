import type { OrgDb } from '../../db/connect.ts';
import { chooseModel, runnable, type ModelSupply } from '../../domain/models/choose-model.ts';
import { anthropicId, isSame, type Connection, type ModelRef } from '../../domain/models/model-settings.ts';
import { knownModel, knownModels } from '../../domain/models/registry.ts';
import { roleBody } from '../../domain/roles/role-body.ts';
import type { ModelOptionView, ModelsView } from '../../domain/views/model-views.ts';
import type { ModelOffer } from '../pipeline/work-context.ts';
import { connectionKeyName } from './connection-key.ts';
import { readModelSupply } from './read-model-supply.ts';

type Query = { db: OrgDb; orgId: string; now: Date; offer: ModelOffer };

/** The org's connections, the models it may choose from, and what answers for which role. */
export async function getModels({ db, orgId, now, offer }: Query): Promise<ModelsView> {
  const supply = await readModelSupply(db, { orgId, offer });
  const { settings } = supply;
  const secrets = await db.secret.findMany({ where: { orgId }, select: { name: true, hint: true } });
  const hintOf = (id: string) => secrets.find(({ name }) => name === connectionKeyName(id))?.hint ?? null;
  const roles = await db.role.findMany({
    where: { orgId, agents: { some: {} } },
    include: { versions: { orderBy: { version: 'desc' }, take: 1 } },
    orderBy: { name: 'asc' },
  });
  return {
    connections: settings.connections.map(({ id, name, protocol, baseUrl, offers }) => {
      return { id, name, protocol, baseUrl, offers, hint: hintOf(id) };
    }),
    options: refsOf(supply).flatMap((ref) => optionOf(supply, ref, now)),
    default: settings.default,
    fallback: settings.fallback,
    roles: roles.flatMap(({ name, versions }) =>
      versions.map(({ body }) => {
        const { title, tier } = roleBody.parse(body);
        const choice = chooseModel(supply, { name, tier }, now);
        const model = choice.kind === 'model' ? choice.main.ref.model : null;
        const why = choice.kind === 'refused' ? choice.why : null;
        return { name, title, chosen: settings.roles[name] ?? null, model, why };
      }),
    ),
  };
}

/** Known models behind a connection: those its provider lists, or all of its protocol where it lists none. */
function knownAt({ id, protocol, offers }: Pick<Connection, 'id' | 'protocol' | 'offers'>): ModelRef[] {
  const known = knownModels.filter((model) => model.protocol === protocol);
  const offered = offers.length === 0 ? known : known.filter((model) => offers.includes(model.id));
  return offered.map((model) => ({ connectionId: id, model: model.id }));
}

function refsOf({ settings, anthropicKey }: ModelSupply): ModelRef[] {
  const own = settings.models.map(({ connectionId, model }) => ({ connectionId, model }));
  const builtIn = anthropicKey ? knownAt({ id: anthropicId, protocol: 'anthropic', offers: [] }) : [];
  const known = [...builtIn, ...settings.connections.flatMap(knownAt)];
  return [...known, ...own.filter((ref) => !known.some((each) => isSame(each, ref)))];
}

function optionOf(supply: ModelSupply, ref: ModelRef, now: Date): ModelOptionView[] {
  const { settings } = supply;
  const protocol = settings.connections.find(({ id }) => id === ref.connectionId)?.protocol ?? 'anthropic';
  const known = knownModel(ref.model, protocol);
  const own = settings.models.find((each) => isSame(each, ref));
  const facts = known ?? own;
  if (!facts) return [];
  const { contextTokens, maxOutputTokens, images, thinking } = facts;
  const found = runnable(supply, ref, now);
  const [first] = 'why' in found ? [] : found.prices;
  const prices = first
    ? {
        input: first.inputMicros,
        output: first.outputMicros,
        cacheRead: first.cacheReadMicros,
        cacheWrite: first.cacheWriteMicros,
      }
    : null;
  const spec = { contextTokens, maxOutputTokens, images, thinking };
  return [{ ...ref, ...spec, name: known?.name ?? ref.model, prices, own: own !== undefined }];
}
