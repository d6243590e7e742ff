#!/bin/sh
# On the first start of the volume: the account of the nodes and its database, which nobody else may enter.
set -eu
password=$(cat /run/secrets/postgres-password)
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set password="$password" --username postgres --dbname postgres <<'SQL'
CREATE ROLE mingjing LOGIN PASSWORD :'password' CONNECTION LIMIT 80;
CREATE DATABASE mingjing OWNER mingjing;
REVOKE ALL ON DATABASE mingjing FROM PUBLIC;
SQL
