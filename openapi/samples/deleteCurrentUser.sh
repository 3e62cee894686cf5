curl -X DELETE http://localhost:8000/api/me \
  -H "Authorization: Bearer $TOKEN"
