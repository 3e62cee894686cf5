import { createTasksClient } from '@tasks-api/client';

const tasks = createTasksClient({
  baseUrl: 'http://localhost:8000',
  token: () => process.env['TOKEN'] ?? '',
});

const page = await tasks.exportCurrentUser({
  query: { limit: 500 },
});
console.log(page.user, page.tasks, page.idempotency_keys);

// Or all pages:
for await (const exported of tasks.exportPages()) {
  console.log(JSON.stringify(exported.tasks));
}
