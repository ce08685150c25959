# syntax=docker/dockerfile:1
# One image for every process: node subgraphs/<context>/main.ts, node router/main.ts, and before them node deploy/migrate.ts.
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-slim AS manifests
WORKDIR /app
COPY . .
# Only what npm needs to know: the layers below stay cached until a dependency changes.
RUN find . -mindepth 1 -not -name package.json -not -name package-lock.json -not -type d -delete && find . -type d -empty -delete

# What runs: not the tools, nor the servers and platform binaries that npm brings for development (optional dependencies).
FROM node:${NODE_VERSION}-slim AS modules
WORKDIR /app
COPY --from=manifests /app .
RUN npm ci --ignore-scripts --omit=dev --omit=optional --no-audit --no-fund \
    $(for workspace in kernel router subgraphs/*; do printf -- '-w %s ' "$workspace"; done)

FROM node:${NODE_VERSION}-slim AS sources
WORKDIR /app
COPY --from=manifests /app .
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node tools/generate/main.ts

FROM node:${NODE_VERSION}-slim
WORKDIR /app
ENV NODE_ENV=production
COPY --from=modules /app/ ./
COPY --from=sources /app/package.json ./
COPY --from=sources /app/kernel ./kernel
COPY --from=sources /app/router ./router
COPY --from=sources /app/subgraphs ./subgraphs
COPY --from=sources /app/schema ./schema
COPY --from=sources /app/prisma ./prisma
COPY --from=sources /app/tools ./tools
COPY --from=sources /app/deploy ./deploy
USER node
ENV HOST=0.0.0.0
# Which program: docker run -e PROGRAM=subgraphs/payments/main.ts …; compose names it as the command.
ENV PROGRAM=router/main.ts
CMD ["sh", "-c", "exec node \"$PROGRAM\""]
