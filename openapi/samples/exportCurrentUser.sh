curl -G http://localhost:8000/api/me/export \
  -d limit=500 \
  -H "Authorization: Bearer $TOKEN"
