import {
  e2bDomain,
  engineNamed,
  localPlace,
  type EngineRecord,
  type EngineSettings,
} from '../../domain/engines/engine-settings.ts';
import { AppError } from '../../domain/errors.ts';
import type { SandboxPort } from '../../domain/ports/sandbox.ts';
import type { EgressSettings } from '../egress/settings.ts';
import { dockerSandbox } from '../sandbox/docker/docker.ts';
import { e2bSandbox } from '../sandbox/e2b/e2b.ts';
import { localSandbox } from '../sandbox/local.ts';

/**
 * The provider of a place, with the image of a repo where it has one. Throws `sandbox_unavailable` for an engine that is not
 * there or has no image yet.
 */
export type Providers = (settings: EngineSettings, place: string, repo?: string) => SandboxPort;

/**
 * Providers are kept as long as their settings stay: each looks at its host or engine once. `egress`: the network that their
 * sandboxes stand in.
 */
export function providers(grounds: { dataDir: string; egress?: EgressSettings }): Providers {
  const local = localSandbox(grounds);
  const kept = new Map<string, { like: string; port: SandboxPort }>();
  return (settings, place, repo = '') => {
    if (place === localPlace) return local;
    const { image: usual, ...engine } = engineNamed(settings, place) ?? missing(place);
    const image = settings.images[repo] ?? usual;
    if (image === null) throw imageless(place);
    const { installation } = settings;
    const like = JSON.stringify([engine, image, installation]);
    const key = `${place} ${image}`;
    const known = kept.get(key);
    if (known?.like === like) return known.port;
    const port = portOf(engine, { image, installation, egress: grounds.egress });
    kept.set(key, { like, port });
    return port;
  };
}

type Standing = { image: string; installation: string; egress: EgressSettings | undefined };

function portOf(
  { apiKey, ...engine }: Omit<EngineRecord, 'image'>,
  { image, installation, egress }: Standing,
): SandboxPort {
  const domain = e2bDomain(engine);
  if (domain === null) return dockerSandbox({ engine, image, installation, egress });
  return e2bSandbox({
    name: engine.name,
    domain,
    apiKey: apiKey ?? '',
    template: image,
    of: 'operator',
    proxy: null,
    installation,
    egress,
  });
}

function missing(place: string): never {
  const text = `There is no engine ${place} any more. The operator sees which there are with: npx fleet engine list`;
  throw new AppError('sandbox_unavailable', text);
}

function imageless(place: string): AppError {
  const text = `The engine ${place} has no sandbox image yet. The operator makes one with: npx fleet engine image ${place}`;
  return new AppError('sandbox_unavailable', text);
}
