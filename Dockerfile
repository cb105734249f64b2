# syntax=docker/dockerfile:1
# docker build --build-arg RUNTIME=bun -t hubbub .
ARG RUNTIME=deno

# Packages hold no binary, so one platform's install serves every other.
FROM --platform=$BUILDPLATFORM oven/bun:1.4.4 AS build
WORKDIR /app
COPY package.json bun.lock ./
RUN bun install --frozen-lockfile --production --ignore-scripts
COPY main.ts deno.json ./
COPY configs configs
COPY src src
COPY tools/healthcheck.ts tools/healthcheck.ts

FROM denoland/deno:2.9.6 AS deno
ENV DENO_DIR=/tmp/deno DENO_NO_UPDATE_CHECK=1
ENTRYPOINT ["deno", "run", "--no-lock", "--node-modules-dir=manual", "--allow-net", "--allow-env", "--allow-read", "--allow-sys=hostname", "main.ts"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["deno", "run", "--no-config", "--allow-net", "--allow-env", "tools/healthcheck.ts"]

FROM oven/bun:1.4.4 AS bun
ENTRYPOINT ["bun", "run", "main.ts"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["bun", "run", "tools/healthcheck.ts"]

FROM ${RUNTIME}
WORKDIR /app
COPY --from=build /app ./
# The loopback default would be out of reach; /api still wants loopback or auth.api_key.
ENV HUBBUB_SERVER_HOST=0.0.0.0
EXPOSE 8080
STOPSIGNAL SIGTERM
USER 65532:65532
CMD []
