import { isUtf8 } from 'node:buffer';
import { isGitName } from '../../domain/scope/work-path.ts';
import { overlayPartsOf } from './base-file.ts';
import { fromBytes, toBytes, type BytePath } from './bytes-path.ts';
import { entriesBelow } from './reach.ts';

/**
 * What some file system could take for a repository of git, of all that was written in a work tree: read by the host, so that
 * no number or spelling of names can keep one from being found. Folders of installed packages are not entered, nor what
 * lies in a repository; nothing in them is ever committed. A name that is not UTF-8 is none.
 */
export async function findGitNames(tree: string): Promise<string[]> {
  const parts = await overlayPartsOf(tree);
  const root = parts?.upper ?? toBytes(tree);
  const found: string[] = [];
  const folders: BytePath[] = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await entriesBelow(root, folder)) {
      const name = entry.name.toString('utf8');
      const path = folder === '' ? entry.name.toString('latin1') : `${folder}/${entry.name.toString('latin1')}`;
      // In an overlay's upper layer that is how something is said to be gone.
      const isGone = parts !== null && entry.isCharacterDevice();
      if (isGitName(name) && !isGone) {
        const bytes = fromBytes(path);
        if (isUtf8(bytes)) found.push(bytes.toString('utf8'));
      } else if (entry.isDirectory() && name !== 'node_modules') folders.push(path);
    }
  }
  return found;
}
