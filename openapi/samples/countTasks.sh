curl http://localhost:8000/api/me/task-counts \
  -H "Authorization: Bearer $TOKEN"
