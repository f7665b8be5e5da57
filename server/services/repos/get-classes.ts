import { readRepoClasses } from '../../db/repo-classes.ts';
import { AppError } from '../../domain/errors.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import { compileGlobs } from '../../domain/scope/glob.ts';
import { isOwnClass, noneAdded, type OwnClasses } from '../../domain/scope/own-classes.ts';
import { isInClass, pathClasses, type PathClassName } from '../../domain/scope/path-classes.ts';
import type { ClassView, ClassesView } from '../../domain/views/classes-view.ts';
import { namesOf } from '../views/people.ts';
import type { ViewQuery } from '../views/view-query.ts';
import { listFiles } from './list-files.ts';

type Reader = ViewQuery & { codeHost: Pick<CodeHost, 'sync' | 'listFiles'> };

const examples = 5;

/** Each class of paths with its patterns and how many files of the default branch it has. Throws `not_found`. */
export async function getClasses(
  { db, system, orgId, codeHost }: Reader,
  { repoId }: { repoId: string },
): Promise<ClassesView> {
  const repo = await db.repo.findUnique({ where: { orgId_id: { orgId, id: repoId } } });
  if (!repo) throw new AppError('not_found', 'There is no such repo in this org.');
  const own = await readRepoClasses(db, { orgId, repoId });
  const { paths, ...files } = await listFiles(codeHost, repo);
  const nameOf = await namesOf({ system, db }, own ? [own.authorId] : []);
  const classes = own?.classes ?? noneAdded;
  return {
    ...files,
    counted: paths.length,
    classes: (Object.keys(pathClasses) as PathClassName[]).map((name) => counted(name, { paths, classes })),
    own: classes,
    confirmed: own && { version: own.version, by: nameOf(own.authorId), at: own.createdAt.toISOString() },
  };
}

function counted(name: PathClassName, { paths, classes }: { paths: string[]; classes: OwnClasses }): ClassView {
  const { globs, impact, ...rest }: { globs: readonly string[]; except?: readonly string[]; impact: number } =
    pathClasses[name];
  const added = isOwnClass(name) ? classes[name] : [];
  const isAdded = compileGlobs(added);
  const found = paths.filter((path) => isInClass(name, path) || isAdded(path));
  const shown = { globs: [...globs, ...added], except: [...(rest.except ?? [])], impact };
  return { name, ...shown, files: found.length, examples: found.slice(0, examples) };
}
