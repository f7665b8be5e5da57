import type { Story } from '../story.ts';
import { developerFirstRound, developerSecondRound } from './developer.ts';
import { reviewer } from './reviewer.ts';
import { developerShortOfTime } from './short-of-time.ts';

/** The sample task, honestly done: a hidden second caller, green tests with a wrong answer, one round of rework. */
export const paginationStory: Story = {
  name: 'pagination',
  parts: [developerShortOfTime, developerFirstRound, developerSecondRound, reviewer],
};
