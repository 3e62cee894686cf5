curl -X DELETE http://localhost:8000/api/me/tokens \
  -H "Authorization: Bearer $TOKEN"
