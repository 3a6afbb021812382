# refpad in a container: scans in /data/inbox, records in /data/store (or PostgreSQL), CSV in /data/exports.
# /state holds what must not be restored with them: the audit's key and anchor. Keep it on a volume of its own.
# The Python packages are installed as on any machine: by the locked hashes, with scripts/venv.sh.

# By a name that moves with its security updates; one that does not, "...@sha256:...", is given as a build argument.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS packages
WORKDIR /opt/refpad
COPY requirements.lock ./
COPY scripts/venv.sh scripts/
RUN PYTHON=python3 PIP_NO_CACHE_DIR=1 scripts/venv.sh requirements.lock

FROM ${PYTHON_IMAGE}
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends tesseract-ocr poppler-utils \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin refpad \
    && install -d -m 0700 -o refpad -g refpad /data /state
WORKDIR /opt/refpad
COPY --from=packages /opt/refpad/.venv .venv
# .dockerignore lets in the rooms and nothing else: no records, no scans, no .git.
COPY . .
RUN .venv/bin/python -m compileall -q -x '[.]venv' .
# USER for getpass, should the container run under a number that has no name.
ENV PATH=/opt/refpad/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    OMP_THREAD_LIMIT=1 \
    USER=refpad \
    REFPAD_FOLDER=/data \
    REFPAD_STATE_FOLDER=/state
USER refpad
WORKDIR /data
VOLUME ["/data", "/state"]
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s --retries=3 CMD ["refpad", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["refpad"]
CMD ["up"]
