import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({
  baseUrl: 'http://localhost:8000',
  token: () => process.env['TOKEN'] ?? '',
});

const seen = await tasks.getUserTask({
  path: {
    user_id: 'q3RkX0nVb8TzYw5LmC2hJ9sPdF6gA1eU',
    id: '019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21',
  },
});
// Refused with `precondition-failed` if somebody has changed the task meanwhile.
const task = await tasks.patchUserTask({
  path: { user_id: seen.user_id, id: seen.id },
  body: { description: null },
  ifMatch: seen.etag,
});
console.log(task.etag);
