#!/bin/bash
# Run once by the postgres image, on an empty volume: a database and its owner for each service, both
# of the same name, with the development password `hutong`.
set -euo pipefail

for name in checkout routing wechat_gateway ledger; do
  psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 <<SQL
    CREATE ROLE $name LOGIN PASSWORD 'hutong';
    CREATE DATABASE $name OWNER $name;
    REVOKE CONNECT ON DATABASE $name FROM PUBLIC;
SQL
done
