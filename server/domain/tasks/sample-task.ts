import type { NewTask } from './new-task.ts';

/** The task that ships with the sample repository; the scripted model plays this one and no other. */
export const sampleTask: Omit<NewTask, 'repoId'> = {
  title: 'Add pagination to the user list endpoint',
  body:
    '`GET /users` answers every member at once. Answer one page at a time: `page` counts from 1, `pageSize` is 20 when ' +
    'left out. Clients that read the body as an array must go on working.',
  acceptance: [
    'The first page holds 20.',
    'The last page holds the rest.',
    'Pages neither overlap nor leave anyone out.',
    'Other endpoints answer as before.',
  ],
  scope: ['src/**', 'test/**', 'docs/**'],
};
