import type { Folder, Part } from './source-tree.ts';

export function findGo(folder: Folder): Part | null {
  if (!folder.has('go.mod')) return null;
  const vendored = folder.has('vendor/modules.txt');
  const needs = /^\s*require\b/mu.test(folder.text('go.mod')) && !vendored;
  return {
    manager: 'go',
    install: needs ? 'go mod download' : '',
    lockfiles: needs ? ['go.mod', ...(folder.has('go.sum') ? ['go.sum'] : [])] : [],
    registries: needs ? ['go'] : [],
    test: 'go test ./...',
    build: 'go build ./...',
    lint: 'go vet ./...',
  };
}

export function findCargo(folder: Folder): Part | null {
  if (!folder.has('Cargo.toml')) return null;
  const locked = folder.has('Cargo.lock');
  const needs = locked ? /^source = "registry\+/mu.test(folder.text('Cargo.lock')) : hasCrates(folder);
  return {
    manager: 'cargo',
    install: needs ? `cargo fetch${locked ? ' --locked' : ''}` : '',
    lockfiles: needs ? [locked ? 'Cargo.lock' : 'Cargo.toml'] : [],
    registries: needs ? ['crates'] : [],
    test: `cargo test --offline${locked ? ' --locked' : ''}`,
    build: `cargo build --offline${locked ? ' --locked' : ''}`,
    lint: null,
  };
}

function hasCrates(folder: Folder): boolean {
  return /^\[(?:workspace\.)?(?:dev-|build-)?dependencies[.\]]/mu.test(folder.text('Cargo.toml'));
}

export function findMaven(folder: Folder): Part | null {
  if (!folder.has('pom.xml')) return null;
  const mvn = folder.has('mvnw') ? './mvnw' : 'mvn';
  return {
    manager: 'maven',
    install: `${mvn} -B -q dependency:go-offline`,
    lockfiles: ['pom.xml', ...folder.paths.filter((path) => /^[^/]+\/pom\.xml$/u.test(path)).slice(0, 30)],
    registries: ['maven'],
    test: `${mvn} -B -o test`,
    build: `${mvn} -B -o -DskipTests package`,
    lint: null,
  };
}
