/** Package registries that can be allowed by name. */
export const registryNames = ['npm', 'pypi', 'debian', 'crates', 'go', 'maven'] as const;
