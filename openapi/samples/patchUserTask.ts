import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({
  baseUrl: 'http://localhost:8000',
  token: () => process.env['TOKEN'] ?? '',
});

const user_id = process.env['USER_ID'] ?? '';
const id = process.env['ID'] ?? '';
const seen = await tasks.getUserTask({ path: { user_id, id } });
// Refused with `precondition-failed` if somebody has changed the task meanwhile.
const task = await tasks.patchUserTask({
  path: { user_id, id },
  body: { description: null },
  ifMatch: seen.etag,
});
console.log(task.etag);
