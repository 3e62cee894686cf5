curl http://localhost:8000/api/me \
  -H "Authorization: Bearer $TOKEN"
