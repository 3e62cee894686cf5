curl http://localhost:8000/readyz
