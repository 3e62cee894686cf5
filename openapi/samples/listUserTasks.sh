curl 'http://localhost:8000/api/q3RkX0nVb8TzYw5LmC2hJ9sPdF6gA1eU/tasks?status=pending&limit=50' \
  -H "Authorization: Bearer $TOKEN"
