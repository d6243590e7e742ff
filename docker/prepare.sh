#!/bin/sh
# Makes what compose.cluster.yaml needs before its first start, under docker/secrets/: certificates, passwords, the keys of the log and of
# the vault, the witnesses' policy. Each file belongs to the one account that reads it, so this runs as root; what is there is kept, so it
# may be run again. sudo MINGJING_PUBLIC_URL=https://jc.example.gov.cn sh docker/prepare.sh
set -eu
umask 077
: "${MINGJING_PUBLIC_URL:?the address people reach the portal at, https://…: the log is named after it, for good}"
export MINGJING_PUBLIC_URL
[ "$(id -u)" = 0 ] || { echo 'prepare.sh: run it as root: the files are given to the accounts of the containers' >&2; exit 1; }
cd "$(dirname "$0")"
# The accounts in the images. Mingjing's and KurrentDB's have the same number.
mingjing=1000 kurrentdb=1000 postgres=999 nginx=101 prometheus=65534 grafana=472

mkdir -p secrets/keys
chmod 0711 secrets secrets/keys
chown "$mingjing:$mingjing" secrets/keys

# secret FILE OWNER < CONTENT: for its owner alone.
secret() {
  if [ -s "secrets/$1" ]; then cat > /dev/null; else cat > "secrets/$1"; fi
  chown "$2:$2" "secrets/$1"
  chmod 0400 "secrets/$1"
}
# public FILE < CONTENT: for every container.
public() {
  if [ -s "secrets/$1" ]; then cat > /dev/null; else cat > "secrets/$1"; fi
  chmod 0444 "secrets/$1"
}
random() { openssl rand -hex 32; }
content() { cat "secrets/$1"; }
run() { docker compose -f compose.cluster.yaml --profile prepare run --rm --no-deps -T "$@"; }

# 1. The stores' authority and certificates. The authority's own key is needed again in two years: keep it off this machine until then.
sh certificates/make.sh secrets/certificates
public ca.crt < secrets/certificates/ca.crt
for node in 1 2 3; do
  secret "kurrentdb-$node.crt" "$kurrentdb" < "secrets/certificates/kurrentdb-$node.crt"
  secret "kurrentdb-$node.key" "$kurrentdb" < "secrets/certificates/kurrentdb-$node.key"
done
secret postgres.crt "$postgres" < secrets/certificates/postgres.crt
secret postgres.key "$postgres" < secrets/certificates/postgres.key

# 2. What the public sees: put the real certificate into public.crt and public.key before; otherwise one that no browser trusts is made.
if [ ! -s secrets/public.crt ]; then
  host=$(printf %s "$MINGJING_PUBLIC_URL" | sed -E 's#^https?://([^/:]+).*#\1#')
  openssl req -x509 -newkey rsa:3072 -sha256 -nodes -days 90 -keyout secrets/public.key -out secrets/public.crt \
    -subj "/CN=$host" -addext "subjectAltName=DNS:$host" 2>/dev/null
fi
secret public.crt "$nginx" < /dev/null
secret public.key "$nginx" < /dev/null

# 3. Passwords, and the addresses of the stores that hold them.
random | secret kurrentdb-admin-password "$kurrentdb"
random | secret kurrentdb-ops-password "$kurrentdb"
random | secret kurrentdb-password "$mingjing"
random | secret postgres-admin-password "$postgres"
random | secret postgres-password "$postgres"
random | secret grafana-password "$grafana"
content kurrentdb-ops-password | secret prometheus-password "$prometheus"
printf 'esdb://mingjing:%s@kurrentdb-1:2113,kurrentdb-2:2113,kurrentdb-3:2113?tls=true&tlsCAFile=/run/secrets/ca.crt\n' \
  "$(content kurrentdb-password)" | secret eventstore-url "$mingjing"
printf 'postgres://mingjing:%s@postgres:5432/mingjing?sslmode=verify-full&sslrootcert=/run/secrets/ca.crt\n' \
  "$(content postgres-password)" | secret postgres-url "$mingjing"

# 4. The keys of the log and of the vault. Without log.key the log ends, without vault.key every personal field is lost: copy both to a safe
# place now.
[ -s secrets/keys/log.key ] || run keys log make-key > /dev/null
secret keys/log.key "$mingjing" < /dev/null
openssl rand -base64 32 | secret keys/vault.key "$mingjing"
run keys log vkey | public logs.txt

# 5. The witnesses make their keys in their own volumes; the log publishes a checkpoint when both have cosigned it.
if [ ! -s secrets/policy.txt ]; then
  one=$(run witness-1 witness vkey)
  two=$(run witness-2 witness vkey)
  printf 'witness one %s http://witness-1:7380\nwitness two %s http://witness-2:7380\ngroup both 2 one two\nquorum both\n' "$one" "$two" | public policy.txt
fi
echo 'secrets/ is complete. Next: docker compose -f docker/compose.cluster.yaml up --detach --wait'
