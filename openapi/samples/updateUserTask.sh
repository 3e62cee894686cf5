curl -X PUT \
  http://localhost:8000/api/$USER_ID/tasks/$ID \
  -H "Authorization: Bearer $TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"title": "Buy oat milk", "completed": true}'
