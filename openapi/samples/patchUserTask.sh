curl -X PATCH \
  http://localhost:8000/api/$USER_ID/tasks/$ID \
  -H "Authorization: Bearer $TOKEN" \
  -H "Content-Type: application/merge-patch+json" \
  -d '{"description": null}'
