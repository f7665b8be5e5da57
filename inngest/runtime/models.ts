import type { Backend } from '../../server/agent/ports.ts';
import { anthropicModel } from '../../server/adapters/model/anthropic.ts';
import { guardedFetch } from '../../server/adapters/model/guarded-fetch.ts';
import { openAiModel } from '../../server/adapters/model/openai.ts';
import { scriptedPort } from '../../server/adapters/model/scripted/server.ts';
import type { Database } from '../../server/db/connect.ts';
import { readListPrices } from '../../server/db/list-prices.ts';
import { runnable, type Runnable } from '../../server/domain/models/choose-model.ts';
import { anthropicId, modelRef } from '../../server/domain/models/model-settings.ts';
import type { ModelPort } from '../../server/domain/ports/model.ts';
import type { SecretBoxes } from '../../server/domain/ports/secret-box.ts';
import type { RunOutcome } from '../../server/domain/runs/run-state.ts';
import { readConnectionKey } from '../../server/services/settings/connection-key.ts';
import { readModelSupply } from '../../server/services/settings/read-model-supply.ts';
import type { RunFile } from '../../server/services/runs/read-run-file.ts';
import type { Models, Worker } from './worker.ts';

/** One reply is never longer, whatever a model could write: what it may cost is reserved before it begins. */
const mostReplyTokens = 16_000;

/** What a run is answered by. */
export type Answering = Backend & { fallback: Backend | null };

/** The model of a run and what may take over from it, or why it cannot go on: nothing has been opened for it yet. */
export async function openModels(
  { database, models, clock }: Worker,
  { run }: RunFile,
): Promise<Answering | { outcome: RunOutcome }> {
  const { orgId, model, connectionId, scripted } = run;
  const offer = { environmentKey: models.environmentKey, listPrices: await readListPrices(database) };
  const supply = await readModelSupply(database.org(orgId), { orgId, offer });
  const open = async (found: Runnable): Promise<Backend | null> => {
    const port = await models.open(orgId, { ...found, scripted });
    return port && backendOf(found, port);
  };
  const asked = runnable(
    scripted ? { ...supply, anthropicKey: 'environment' } : supply,
    { connectionId, model },
    clock.now(),
  );
  if ('why' in asked) {
    const reason = asked.keyless ? 'model_key_rejected' : 'model_unavailable';
    return { outcome: { reason, detail: `${asked.why} Then start the stage again.` } };
  }
  const main = await open(asked);
  if (!main) return { outcome: keyGone };
  const second = run.fallback === null ? null : runnable(supply, modelRef.parse(run.fallback), clock.now());
  return { ...main, fallback: second && !('why' in second) ? await open(second) : null };
}

const keyGone: RunOutcome = {
  reason: 'model_key_rejected',
  detail:
    'The model key this run was started with is gone. Save a key under Settings, Model, then start the stage again.',
};

function backendOf({ ref, connection, spec, prices }: Runnable, model: ModelPort): Backend {
  const provider = connection?.name ?? anthropicId;
  const maxTokens = Math.min(mostReplyTokens, spec.maxOutputTokens);
  return { name: ref.model, provider, model, prices, windowTokens: spec.promptTokens, maxTokens };
}

type Keys = {
  database: Database;
  secretBoxes: SecretBoxes;
  anthropicApiKey: string | null;
  anthropicBaseUrl: string;
  scriptedUrl: string;
};

/** The backends behind an org's connections. For Anthropic itself the org's own key goes before the server's. */
export function modelsOf({ database, secretBoxes, anthropicApiKey, anthropicBaseUrl, scriptedUrl }: Keys): Models {
  return {
    environmentKey: anthropicApiKey !== null,
    async open(orgId, { connection, spec, scripted }) {
      const can = { thinks: spec.thinking, seesImages: spec.images };
      if (scripted) return scriptedPort({ baseUrl: scriptedUrl });
      const connectionId = connection?.id ?? anthropicId;
      const key = await readConnectionKey({ db: database.org(orgId), orgId, secretBoxes }, connectionId);
      if (!connection) {
        const apiKey = key ?? anthropicApiKey;
        return apiKey === null ? null : anthropicModel({ apiKey, baseUrl: anthropicBaseUrl, ...can });
      }
      const { baseUrl, byOperator, protocol } = connection;
      const guard = byOperator ? {} : { fetch: guardedFetch() };
      const settings = { apiKey: key ?? 'none', baseUrl, ...can, ...guard };
      return protocol === 'anthropic' ? anthropicModel(settings) : openAiModel(settings);
    },
  };
}
