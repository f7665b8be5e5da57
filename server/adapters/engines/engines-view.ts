import { e2bDomain, type EngineSettings } from '../../domain/engines/engine-settings.ts';
import type { EnginesView } from '../../domain/views/installation-view.ts';
import { readEngines } from './engine-file.ts';

/** The operator's engines without what is secret of them, read anew each time. */
export function enginesView({ dataDir }: { dataDir: string }): () => Promise<EnginesView> {
  return async () => {
    const { engines, use, orgs, trust } = await readEngines(dataDir);
    return {
      use,
      engines: engines.map(viewOf),
      placed: Object.keys(orgs).length,
      trust: trust === 'all' ? 'all' : trust.length > 0 ? 'some' : 'nobody',
    };
  };
}

function viewOf(engine: EngineSettings['engines'][number]): EnginesView['engines'][number] {
  const { name, url, tls, image } = engine;
  const at = URL.canParse(url) ? new URL(url) : null;
  const address = at === null ? url : `${at.protocol}//${at.host}${at.pathname}`;
  return { name, address, image: image !== null, verified: tls?.ca !== undefined || e2bDomain(engine) !== null };
}
