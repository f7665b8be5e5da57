/** Where set-up keeps tools and package caches that have no place in the work tree by themselves. Never part of a commit. */
export const toolFolder = '/work/.fleet-setup';

/** Where programs are looked for: what set-up brought comes last, so that nothing in a work tree stands in for a tool. */
const searched = [
  ...['/opt/node/bin', '/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'],
  ...['/usr/local/go/bin', '/usr/local/cargo/bin'],
  ...['/work/.venv/bin', `${toolFolder}/node_modules/.bin`, `${toolFolder}/python/bin`],
];

/** Variables by which package managers keep in the work tree what tests will need, for set-up and for what comes after. */
const toolEnv: Record<string, string> = {
  PATH: searched.join(':'),
  GOMODCACHE: `${toolFolder}/go`,
  GOFLAGS: '-modcacherw',
  GOTOOLCHAIN: 'local',
  CARGO_HOME: `${toolFolder}/cargo`,
  MAVEN_ARGS: `-Dmaven.repo.local=${toolFolder}/m2`,
  POETRY_VIRTUALENVS_IN_PROJECT: 'true',
  UV_PYTHON_DOWNLOADS: 'never',
  UV_LINK_MODE: 'copy',
  YARN_ENABLE_GLOBAL_CACHE: 'false',
};

/** Where package managers keep, during set-up alone, what nobody needs afterwards: a home of memory is too small for it. */
export const cacheFolder = `${toolFolder}/.cache`;
export const cacheEnv: Record<string, string> = { XDG_CACHE_HOME: cacheFolder, npm_config_cache: `${cacheFolder}/npm` };

/** What commands of a repo that is set up find in their environment; nothing where nothing is installed. */
export function setupEnv({ install }: { install: string }): Record<string, string> {
  return install === '' ? {} : toolEnv;
}
