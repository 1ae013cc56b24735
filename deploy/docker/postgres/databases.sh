#!/usr/bin/env bash
# Run once by the image of PostgreSQL, on an empty volume: each service's database and its two roles, as packages/db
# (provision.ts) makes them elsewhere. The owner migrates, the app serves; nobody else may connect.
set -euo pipefail

for service in auth consultation ia appointments notifications; do
  owner=${service^^}_OWNER_PASSWORD
  app=${service^^}_APP_PASSWORD
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set database="mediai_$service" --set owner="mediai_${service}_owner" --set app="mediai_${service}_app" \
    --set owner_password="${!owner:?}" --set app_password="${!app:?}" <<'SQL'
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password';
CREATE ROLE :"app" LOGIN PASSWORD :'app_password';
CREATE DATABASE :"database" OWNER :"owner" TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"app";
SQL
done
