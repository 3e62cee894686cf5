import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({
  baseUrl: 'http://localhost:8000',
  token: () => process.env['TOKEN'] ?? '',
});

const user_id = process.env['USER_ID'] ?? '';
const id = process.env['ID'] ?? '';
const current = await tasks.getUserTask({ path: { user_id, id } });
// Fails with `precondition-failed` if the task has changed.
const task = await tasks.patchUserTask({
  path: { user_id, id },
  body: { description: null },
  ifMatch: current.etag,
});
console.log(task.etag);
