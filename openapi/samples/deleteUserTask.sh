curl http://localhost:8000/api/q3RkX0nVb8TzYw5LmC2hJ9sPdF6gA1eU/tasks/019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21 \
  -H "Authorization: Bearer $TOKEN" \
  -X DELETE
