import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({
  baseUrl: 'http://localhost:8000',
  token: () => process.env['TOKEN'] ?? '',
});

const user_id = process.env['USER_ID'] ?? '';
const task = await tasks.createUserTask({
  path: { user_id },
  body: { title: 'Buy milk', description: 'Two litres' },
});
console.log(task.id);
