curl http://localhost:8000/api/tasks/$ID \
  -H "Authorization: Bearer $TOKEN"
