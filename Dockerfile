# Build: docker build -t lmm-guardrail .
# Run:   docker run --read-only --tmpfs /tmp:noexec --cap-drop ALL --security-opt no-new-privileges \
#          -v ./policy.yaml:/policy.yaml:ro -v guardrail-data:/data -p 127.0.0.1:8080:8080 lmm-guardrail
# The image does what `make install` does; the root file system may be read-only, the user is not root, and nothing is
# fetched when it runs. A .pth file would run code at every start: setuptools' own goes, and any other stops the build. All that it writes is in /data. With database, Prometheus and Grafana: deploy/compose.yaml.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock pyproject.toml README.md LICENSE ./
COPY guardrail guardrail
COPY policies policies
RUN python -m venv /opt/guardrail \
 && /opt/guardrail/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock \
 && /opt/guardrail/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
 && find /opt/guardrail -name distutils-precedence.pth -delete \
 && test -z "$(find /opt/guardrail -name '*.pth')" \
 && /opt/guardrail/bin/python -m compileall -q /opt/guardrail/lib

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin guardrail \
 && install --directory --owner guardrail --mode 0700 /data
COPY --from=build /opt/guardrail /opt/guardrail
USER 10001
ENV PATH=/opt/guardrail/bin:$PATH PYTHONDONTWRITEBYTECODE=1 GUARDRAIL_DATA_DIR=/data
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8080 9090
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/guardrail/ready', timeout=2)"]
ENTRYPOINT ["guardrail", "serve", "--policy", "/policy.yaml", "--host", "0.0.0.0", "--port", "8080"]
