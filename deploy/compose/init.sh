#!/bin/sh
# Makes what deploy/compose.yaml needs and nobody may ship: passwords, tokens, and the policy with their hashes.
# Run it once; what is there already stays as it is. With PROVIDER_KEY_FILE=FILE the provider's key is taken from there.
set -eu
cd "$(dirname "$0")"
umask 077

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
sha256() { sha256sum "$1" | cut -d' ' -f1; }

# The folder is for its owner only. The files in it are readable, since each container reads its own as another user.
mkdir -p secrets
chmod 700 secrets

secret() {  # NAME: a new random one
    [ -s "secrets/$1" ] && return
    random > "secrets/$1"
    chmod 444 "secrets/$1"
    echo "made secrets/$1"
}

for name in postgres_password metrics_token grafana_admin_password client_token; do
    secret "$name"
done
if [ ! -s secrets/audit_url ]; then
    printf 'postgresql://guardrail:%s@postgres:5432/guardrail' "$(cat secrets/postgres_password)" > secrets/audit_url
    chmod 444 secrets/audit_url
    echo "made secrets/audit_url"
fi
if [ ! -s secrets/provider_key ]; then
    if [ -n "${PROVIDER_KEY_FILE:-}" ]; then
        tr -d '\r\n' < "$PROVIDER_KEY_FILE" > secrets/provider_key
    else
        printf 'put-the-key-of-your-provider-here' > secrets/provider_key
        echo "secrets/provider_key: put the key of your provider into it"
    fi
    chmod 644 secrets/provider_key
fi

mkdir -p policy
chmod 755 policy
if [ ! -s policy/policy.yaml ]; then
    sed -e "s/@CLIENT_TOKEN_SHA256@/$(sha256 secrets/client_token)/" \
        -e "s/@METRICS_TOKEN_SHA256@/$(sha256 secrets/metrics_token)/" \
        policy.example.yaml > policy/policy.yaml
    chmod 644 policy/policy.yaml
    echo "made policy/policy.yaml"
fi
echo "Applications send the token in secrets/client_token; Grafana's user is ops, its password in secrets/grafana_admin_password."
