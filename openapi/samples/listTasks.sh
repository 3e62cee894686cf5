curl 'http://localhost:8000/api/tasks?status=pending&limit=50' \
  -H "Authorization: Bearer $TOKEN"
