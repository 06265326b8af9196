#!/usr/bin/env bash
# Checks docker-compose.yml for real: all becomes healthy and flows; each container is killed and started again, then all are stopped
# and started; after each the backup is identical and nothing was lost; every query of the dashboard returns data.
#
#   config/compose-check.sh            # on a fresh project of its own, removed at the end
#   KEEP=1 config/compose-check.sh     # leaves it running
#
# The ports are those of docker-compose.yml unless WARUNG_POSTGRES_PORT and the others are set.
set -euo pipefail
cd "$(dirname "$0")/.."

services=(postgres kafka capture replicator workload prometheus grafana)
dashboard=ops/grafana/dashboards/warung.json
compose=(docker compose --project-name "${PROJECT:-warung-check}" --profile workload)
started=$SECONDS

say() { printf '%4d s  %s\n' $((SECONDS - started)) "$*"; }
fail() {
    say "FAILED: $*" >&2
    "${compose[@]}" ps --all >&2
    "${compose[@]}" logs --tail 20 capture replicator >&2
    exit 1
}
clean_up() {
    [ "${KEEP:-}" = 1 ] || "${compose[@]}" down --volumes --timeout 60 >/dev/null 2>&1
}

quietly() {
    local output
    output=$("$@" 2>&1) || {
        echo "$output" >&2
        fail "$*"
    }
}
up() { quietly "${compose[@]}" up --detach --wait --wait-timeout 300; }
sql() { "${compose[@]}" exec -T postgres psql -U postgres -d toko -Atc "$1"; }
sales() { sql 'select count(*) from transaksi'; }
epoch() { "${compose[@]}" exec -T capture warung status --json | sed -n 's/^ *"epoch" : \([0-9]*\).*/\1/p' | sort -u | paste -sd ' '; }

verify() { # WHEN
    local summary
    summary=$("${compose[@]}" exec -T replicator warung verify) || fail "warung verify $1: $summary"
    say "$1: ${summary##*verify: }"
}

flows() { # WHEN: the shops sell, and nothing that was sold before is gone
    local before=$sold try
    for try in {1..60}; do
        sold=$(sales 2>/dev/null || echo 0)
        [ "$sold" -gt "$before" ] && return
        sleep 1
    done
    fail "$1: $sold sales, there were $before before"
}

queries() {
    local query answer count=0
    while IFS= read -r query; do
        query=${query//\\\"/\"}
        answer=$("${compose[@]}" exec -T prometheus promtool query instant http://127.0.0.1:9090 "$query" </dev/null) ||
            fail "Prometheus refuses: $query"
        [ -n "$answer" ] || fail "no data for: $query"
        [ "${VERBOSE:-}" = 1 ] && printf '%s\n%s\n' "$query" "$answer"
        count=$((count + 1))
    done < <(sed -n 's/^ *"expr": "\(.*\)",$/\1/p' "$dashboard")
    [ "$count" -eq "$(grep -c '"expr"' "$dashboard")" ] || fail "not every query of $dashboard was read"
    say "$count queries of the dashboard return data"
}

trap clean_up EXIT
sold=0
up
say "up and healthy: ${services[*]}"
flows "after the start"
verify "after the start"
first=$(epoch)

for service in "${services[@]}"; do
    quietly "${compose[@]}" kill --signal KILL "$service"
    up
    flows "$service killed"
    verify "$service killed and started again"
done

quietly "${compose[@]}" stop --timeout 60
up
flows "all stopped"
verify "all stopped and started again"
[ -n "$first" ] && [ "$(epoch)" = "$first" ] || fail "the epoch was $first and is $(epoch): the log was begun anew"
queries
say "all is well"
