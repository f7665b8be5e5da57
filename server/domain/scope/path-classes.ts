import { compileGlobs, type PathMatcher } from './glob.ts';

type PathClass = { globs: readonly string[]; except?: readonly string[]; impact: 1 | 3 | 4 };

/** Kinds of paths, named once for roles, presets, risk impact and code-owner rules. A path may be in several. */
export const pathClasses = {
  '@tests': {
    globs: [
      '**/{test,tests,__tests__,spec,e2e,__snapshots__}/**',
      '**/*.{test,spec,snap}',
      '**/*.{test,spec}.*',
      '**/*_test.{go,py,rb,exs}',
      '**/test_*.py',
      '**/conftest.py',
      '**/*{Test,Tests,IT}.{java,kt,cs}',
    ],
    impact: 1,
  },
  '@docs': { globs: ['**/docs/**', '**/*.{md,mdx,rst,adoc}'], impact: 1 },
  '@manifests': {
    globs: [
      '**/{package.json,pnpm-workspace.yaml,.npmrc,.yarnrc.yml,pyproject.toml,setup.py,setup.cfg,Pipfile,go.mod,go.work}',
      '**/{Cargo.toml,Gemfile,*.gemspec,pom.xml,build.gradle,build.gradle.kts,libs.versions.toml,composer.json,*.csproj}',
      '**/{Directory.Packages.props,Package.swift}',
      '**/requirements*.{txt,in}',
    ],
    impact: 3,
  },
  '@lockfiles': {
    globs: [
      '**/{package-lock.json,npm-shrinkwrap.json,pnpm-lock.yaml,yarn.lock,bun.lock,go.sum,go.work.sum,Cargo.lock}',
      '**/{poetry.lock,uv.lock,Pipfile.lock,Gemfile.lock,composer.lock,packages.lock.json,gradle.lockfile,Package.resolved}',
    ],
    impact: 3,
  },
  '@migrations': {
    globs: [
      '**/{migrations,migrate,alembic,flyway,liquibase}/**',
      '**/schema.prisma',
      '**/db/schema.rb',
      '**/db/structure.sql',
    ],
    impact: 4,
  },
  '@ci': {
    globs: [
      '.github/{workflows,actions}/**',
      '**/.gitlab-ci.yml',
      '.gitlab/ci/**',
      '.circleci/**',
      '.buildkite/**',
      '**/Jenkinsfile*',
      '**/azure-pipelines*.{yml,yaml}',
      'bitbucket-pipelines.yml',
      '.drone.yml',
      '.woodpecker/**',
      '.husky/**',
      '.githooks/**',
      '.pre-commit-config.yaml',
      'lefthook.{yml,yaml}',
    ],
    impact: 4,
  },
  '@infra': {
    globs: [
      '**/*.{tf,tfvars,bicep,nomad}',
      '**/{terraform,pulumi,ansible,k8s,kubernetes,helm,charts,deploy}/**',
      '**/{Dockerfile,Containerfile}*',
      '**/{docker-compose,compose}*.{yml,yaml}',
      '**/serverless.{yml,yaml}',
    ],
    impact: 4,
  },
  '@owners': {
    globs: ['**/CODEOWNERS', '.github/{settings.yml,dependabot.yml}', '**/renovate.json*', '**/{LICENSE,SECURITY.md}'],
    impact: 4,
  },
  '@agent-config': {
    globs: [
      '.fleet/**',
      '**/{AGENTS,CLAUDE,GEMINI}.md',
      '**/.{claude,cursor,codex,gemini,devcontainer,vscode,idea}/**',
      '**/.mcp.json',
      '**/.cursorrules',
      '.github/copilot-instructions.md',
      '**/.gitattributes',
      '.gitmodules',
      '**/.envrc',
    ],
    impact: 4,
  },
  '@secrets': {
    globs: [
      '**/.env',
      '**/.env.*',
      '**/*.{pem,key,p12,pfx,jks,keystore}',
      '**/id_{rsa,dsa,ecdsa,ed25519}',
      '**/{.netrc,.pypirc,.git-credentials,credentials,credentials.json}',
      '**/secrets/**',
    ],
    except: ['**/.env.{example,sample,template}'],
    impact: 4,
  },
  '@auth': {
    globs: ['**/{auth,authn,authz,login,oauth,sso,session,sessions,permissions,rbac,acl,crypto}/**'],
    impact: 3,
  },
  '@money': {
    globs: ['**/{billing,payment,payments,invoice,invoices,invoicing,pricing,checkout,ledger,payouts}/**'],
    impact: 3,
  },
  '@public-api': {
    globs: ['**/{openapi,swagger}*.{json,yaml,yml}', '**/*.{proto,graphql,graphqls,avsc,thrift}'],
    impact: 3,
  },
  '@generated': {
    globs: [
      '**/{node_modules,vendor,third_party,dist,build,out,target,coverage,generated,__generated__}/**',
      '**/*.min.{js,css}',
      '**/*.{pb.go,g.dart}',
    ],
    impact: 1,
  },
} as const satisfies Record<`@${string}`, PathClass>;

export type PathClassName = keyof typeof pathClasses;

export function isPathClass(name: string): name is PathClassName {
  return Object.hasOwn(pathClasses, name);
}

function compileClass(name: PathClassName): PathMatcher {
  const { globs, except = [] }: PathClass = pathClasses[name];
  const inside = compileGlobs(globs);
  const outside = compileGlobs(except);
  return (path) => inside(path) && !outside(path);
}

const matchers = new Map<PathClassName, PathMatcher>();

export function isInClass(name: PathClassName, path: string): boolean {
  const matcher = matchers.get(name) ?? compileClass(name);
  matchers.set(name, matcher);
  return matcher(path);
}

/** Every class a path is in, in the order of the table. */
export function classesOf(path: string): PathClassName[] {
  return (Object.keys(pathClasses) as PathClassName[]).filter((name) => isInClass(name, path));
}
