curl http://localhost:8000/api/tasks \
  -H "Authorization: Bearer $TOKEN" \
  -H "Content-Type: application/json" \
  -H "Idempotency-Key: 6f1de0a4-0f0e-4c50-9a5c-0d3b7a4d2b11" \
  -d '{"title": "Buy milk", "description": "Two litres"}'
