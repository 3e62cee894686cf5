import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({
  baseUrl: 'http://localhost:8000',
  token: () => process.env['TOKEN'] ?? '',
});

const id = process.env['ID'] ?? '';
await tasks.deleteTask({ path: { id } });
console.log('deleted');
