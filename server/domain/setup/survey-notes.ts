type Surveyed = { lfsPointers: number; submodules: readonly string[]; files: number };

const manyFiles = 20_000;
const shown = 3;

/** What a person and an agent have to know about a commit's files before they wonder, as sentences. */
export function surveyNotes({ lfsPointers, submodules, files }: Surveyed): string[] {
  const notes: string[] = [];
  if (lfsPointers > 0) {
    const are =
      lfsPointers === 1 ? '1 file is a Git LFS pointer' : `${grouped(lfsPointers)} files are Git LFS pointers`;
    notes.push(`${are}: the content is not fetched, and tests that need it will fail.`);
  }
  if (submodules.length > 0) {
    const names = submodules.slice(0, shown).join(', ');
    const more = submodules.length > shown ? ` and ${submodules.length - shown} more` : '';
    const are = submodules.length === 1 ? 'is a submodule: its folder is' : 'are submodules: their folders are';
    notes.push(`${names}${more} ${are} empty here.`);
  }
  if (files >= manyFiles)
    notes.push(`The repo has ${grouped(files)} files: the first work tree takes longer to lay out.`);
  return notes;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/gu, ',');
}
