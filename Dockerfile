# One recipe for every app: docker build --build-arg APP=checkout --tag hutong/checkout .
# `npm run image -- checkout` does that; docs/deploy.md says how the images are run.
ARG BASE=node:24-bookworm-slim

# What decides which packages are installed, alone: a change of code does not install anew.
FROM ${BASE} AS manifests
WORKDIR /src
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete

# Every app is compiled once, for all images. Scripts of packages do not run; our patches are applied.
FROM ${BASE} AS build
WORKDIR /src
COPY --from=manifests /src .
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node tools/postinstall.mjs \
 && node tools/generate.mjs \
 && node node_modules/typescript/bin/tsc --build \
      $(for main in apps/*/src/main.ts; do echo "${main%src/main.ts}tsconfig.lib.json"; done)

# One app with the packages that it needs in production, and nothing else.
FROM build AS stage
ARG APP
RUN node tools/src/image/stage.mjs "$APP" /app

FROM ${BASE}
ARG APP
LABEL org.opencontainers.image.title="hutong/${APP}" org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production
RUN groupadd --gid 10001 hutong \
 && useradd --uid 10001 --gid hutong --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin hutong
COPY --from=stage /app /app
WORKDIR /app/apps/${APP}
USER 10001:10001
STOPSIGNAL SIGTERM
# Node itself is process 1. Commands of the app follow: `docker run hutong/checkout migrate`.
ENTRYPOINT ["node", "--enable-source-maps", "--import", "/app/end-on-signal.mjs", "dist/main.js"]
