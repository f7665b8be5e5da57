/** The files of a commit as detection sees them: all paths, and the text of those that `textsWanted` names. */
export type SourceTree = { paths: readonly string[]; texts: ReadonlyMap<string, string> };

/** One folder of the tree, with paths relative to it. */
export type Folder = {
  /** '' for the root, else it ends with a slash. */
  prefix: string;
  has(path: string): boolean;
  /** '' where there is no such file. */
  text(path: string): string;
  paths: readonly string[];
};

export function folderOf(tree: SourceTree, prefix: string): Folder {
  const paths = tree.paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  const there = new Set(paths);
  return {
    prefix,
    has: (path) => there.has(path),
    text: (path) => tree.texts.get(`${prefix}${path}`) ?? '',
    paths,
  };
}

/** What one ecosystem in one folder needs and offers. Commands run in that folder. */
export type Part = {
  manager: string;
  install: string;
  lockfiles: string[];
  registries: ('npm' | 'pypi' | 'crates' | 'go' | 'maven')[];
  test: string | null;
  build: string | null;
  lint: string | null;
};
