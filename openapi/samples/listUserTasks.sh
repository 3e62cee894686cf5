curl -G http://localhost:8000/api/$USER_ID/tasks \
  -d status=pending \
  -d limit=50 \
  -H "Authorization: Bearer $TOKEN"
