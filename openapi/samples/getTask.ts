import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({
  baseUrl: 'http://localhost:8000',
  token: () => process.env['TOKEN'] ?? '',
});

const id = process.env['ID'] ?? '';
const task = await tasks.getTask({ path: { id } });
console.log(task.title, task.etag);
