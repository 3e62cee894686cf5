import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({
  baseUrl: 'http://localhost:8000',
  token: () => process.env['TOKEN'] ?? '',
});

const user_id = process.env['USER_ID'] ?? '';
const id = process.env['ID'] ?? '';
const task = await tasks.getUserTask({ path: { user_id, id } });
console.log(task.title, task.etag);
