import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({
  baseUrl: 'http://localhost:8000',
  token: () => process.env['TOKEN'] ?? '',
});

const task = await tasks.createUserTask({
  path: { user_id: 'q3RkX0nVb8TzYw5LmC2hJ9sPdF6gA1eU' },
  body: { title: 'Buy milk', description: 'Two litres' },
});
console.log(task.id);
