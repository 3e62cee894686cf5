curl http://localhost:8000/api/$USER_ID/tasks/$ID \
  -H "Authorization: Bearer $TOKEN"
