#!/bin/bash
# Run once by the postgres image, on an empty volume: for each service a database of its own, a role
# that may change its schema (`checkout_owner`, for migrations) and one that may not (`checkout`).
# secrets.mjs made their passwords, and so says which there are.
set -euo pipefail

for file in /run/secrets/postgres/*_owner.password; do
  name=$(basename "$file" _owner.password)
  psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 <<SQL
    CREATE ROLE ${name}_owner LOGIN PASSWORD '$(<"/run/secrets/postgres/${name}_owner.password")';
    CREATE ROLE $name LOGIN PASSWORD '$(<"/run/secrets/postgres/$name.password")';
    CREATE DATABASE $name OWNER ${name}_owner;
    REVOKE CONNECT ON DATABASE $name FROM PUBLIC;
    GRANT CONNECT ON DATABASE $name TO $name;
    \connect $name
    ALTER DEFAULT PRIVILEGES FOR ROLE ${name}_owner
      GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO $name;
    ALTER DEFAULT PRIVILEGES FOR ROLE ${name}_owner GRANT USAGE, SELECT ON SEQUENCES TO $name;
SQL
done
