curl http://localhost:8000/api/tasks/019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21 \
  -H "Authorization: Bearer $TOKEN" \
  -X PATCH \
  -H "Content-Type: application/merge-patch+json" \
  -H 'If-Match: "3"' \
  -d '{"description": null}'
