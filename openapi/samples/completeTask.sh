curl -X PATCH \
  http://localhost:8000/api/tasks/$ID/complete \
  -H "Authorization: Bearer $TOKEN" \
  -H "Content-Type: application/json" \
  -d '{"completed": true}'
