import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({
  baseUrl: 'http://localhost:8000',
  token: () => process.env['TOKEN'] ?? '',
});

const page = await tasks.listTasks({
  query: { status: 'pending', limit: 50 },
});
console.log(page.items, page.next_cursor);

// Or all tasks, page by page:
for await (const task of tasks.allTasks()) {
  console.log(task.title);
}
