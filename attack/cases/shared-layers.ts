import type { Case } from '../case.ts';
import { python, type SandboxPlace } from '../places/sandbox-place.ts';

/** Every way to write in place, and the marks by which an overlay is told where to look. */
const poison = ({ shared }: SandboxPlace) => `
cat tracked made/index.js
echo poison > tracked; echo poison >> made/index.js; chmod 777 . tracked made; touch -d 2000-01-01 tracked
ln tracked again && echo poison > again; mv tracked moved; rm -rf made; mkdir made; echo poison > made/index.js
${python(`
import mmap, os
f = os.open("deep/a", os.O_RDWR)
m = mmap.mmap(f, 7, mmap.MAP_SHARED); m[0:7] = b"poison\\n"; m.flush(); os.truncate("deep/b", 0)
for path in (".", "made", "deep", "moved"):
  for name, value in (("opaque", b"y"), ("redirect", b"/../secret"), ("metacopy", b""), ("origin", b"x"), ("impure", b"y")):
    for prefix in ("user.overlay.", "trusted.overlay."):
      try: os.setxattr(path, prefix + name, value)
      except OSError: pass
`)}
for d in ${shared.folders.join(' ')}; do echo poison > $d/tracked; rm -rf $d; done 2>/dev/null
cat moved made/index.js deep/a; echo end`;

/** Commits are checked out and set up once, below the trees of all runs of a repo. */
export const sharedLayerCases: Case<SandboxPlace>[] = [
  {
    id: 'shared-layers',
    tries: 'poison the checkout and the set-up that the trees of other runs stand on',
    attack: ({ shared, ...place }) => shared.run(poison({ shared, ...place })),
    answer: /^exited 0\nshared\nset up\n(?:poison\n){3}\nend\n$/u,
    twin: {
      does: 'have them whole in the tree of another run, afterwards',
      async run({ shared, ...place }) {
        await shared.run(poison({ shared, ...place }));
        return shared.run('cat tracked made/index.js deep/a deep/b');
      },
      answer: /^exited 0\nshared\nset up\nbelow a\nbelow b\n$/u,
    },
  },
];
