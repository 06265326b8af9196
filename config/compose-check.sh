#!/usr/bin/env bash
# Checks docker-compose.yml for real: all becomes healthy and flows; each container is killed and started again, then all are stopped
# and started; after each the backup is identical, both outlets hold what PostgreSQL's SELECT gives, and nothing was lost. An outlet that
# is off is seen from the server, and goes on where it stood. What is written at one outlet arrives in PostgreSQL and at the other. Every
# query of the dashboard returns data. It needs sqlite3 and curl.
#
#   config/compose-check.sh            # on a fresh project of its own, removed at the end
#   KEEP=1 config/compose-check.sh     # leaves it running
#
# The ports are those of docker-compose.yml unless WARUNG_POSTGRES_PORT and the others are set.
set -euo pipefail
cd "$(dirname "$0")/.."

services=(postgres kafka capture replicator intake workload outlet-1 outlet-2 prometheus grafana)
outlets=(1 2) # the number is that of the service, of its code and of its shop
dashboard=ops/grafana/dashboards/warung.json
compose=(docker compose --project-name "${PROJECT:-warung-check}" --profile outlets)
copies=$(mktemp -d)
started=$SECONDS

say() { printf '%4d s  %s\n' $((SECONDS - started)) "$*"; }
fail() {
    say "FAILED: $*" >&2
    "${compose[@]}" ps --all >&2
    "${compose[@]}" logs --tail 20 capture replicator fleet intake outlet-1 outlet-2 >&2
    exit 1
}
clean_up() {
    rm -rf "$copies"
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
sql() { "${compose[@]}" exec -T -e PGOPTIONS='-c timezone=UTC' postgres psql -U postgres -d toko -Atc "$1"; }
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

copied() { # NUMBER: the outlet's file. Nobody writes but the outlet, so a copy of file and WAL is whole, or the next try has one that is
    copy=$copies/outlet-$1
    rm -rf "$copy" && mkdir "$copy"
    "${compose[@]}" cp "outlet-$1:/var/lib/warung/." "$copy" >/dev/null 2>&1 || return 1
    rm -f "$copy/outlet.db-shm"
}

held() { # NUMBER: has the outlet the rows of its shop? One table by its own column, one by a sub-select
    local copy shop="outlet_id = $1" query
    copied "$1" || return 1
    rows=0
    for query in \
        "select id, nomor, status, total, waktu from transaksi|where $shop" \
        "select transaksi_id, baris, jumlah, subtotal from transaksi_item|where transaksi_id in (select id from transaksi where $shop)" \
        "select produk_id, jumlah, diperbarui from stok|where $shop"; do
        sql "${query/|/ }" | LC_ALL=C sort >"$copies/expected"
        sqlite3 "$copy/outlet.db" "${query%|*}" 2>/dev/null | LC_ALL=C sort >"$copies/found"
        cmp -s "$copies/expected" "$copies/found" || return 1
        rows=$((rows + $(wc -l <"$copies/found")))
    done
    [ "$rows" -gt 0 ]
}

outlets_equal() { # WHEN; the shops stand still meanwhile
    local number try total=0
    quietly "${compose[@]}" pause workload
    for number in "${outlets[@]}"; do
        for ((try = 0; try < 60; try++)); do
            held "$number" && break
            sleep 1
        done
        [ "$try" -lt 60 ] || fail "$1: outlet-$number has other rows than its shop: $(diff "$copies/expected" "$copies/found" | head -5)"
        total=$((total + rows))
    done
    quietly "${compose[@]}" unpause workload
    say "$1: both outlets are equal, $total rows compared"
}

ask() { "${compose[@]}" exec -T prometheus promtool query instant http://127.0.0.1:9090 "$1" </dev/null; }

until_known() { # WHAT QUERY: Prometheus has an answer within a minute
    local try
    for try in {1..60}; do
        [ -n "$(ask "$2")" ] && return
        sleep 1
    done
    fail "$1: Prometheus finds nothing for $2"
}

api() { # NUMBER METHOD PATH BODY: of an outlet's local API
    local port=WARUNG_OUTLET_$1_PORT
    curl -fsS -H "Authorization: Bearer $WARUNG_API_KEY" -X "$2" -d "$4" "http://127.0.0.1:${!port:-$((8082 + $1))}/api/v1/$3"
}

way_back() { # WHEN: a promotion that outlet-1 changes, and a draft with a number of the server's
    local promotion value number copy try
    promotion=$(sql 'select id from promo order by id limit 1')
    value=$((RANDOM % 90 + 10)).$((RANDOM % 90 + 10))
    number=check-$RANDOM$RANDOM
    api 1 PUT "tables/promo/$promotion" "{\"potongan\": \"$value\"}" >/dev/null || fail "$1: outlet-1 does not take a write"
    api 1 POST tables/transaksi "{\"nomor\": \"$number\", \"outlet_id\": 1, \"status\": \"dikembalikan\", \"total\": \"0.00\",
        \"kasir_id\": \"$(sql 'select id from pegawai where outlet_id = 1 limit 1')\", \"waktu\": \"2026-01-02 03:04:05+00\"}" >/dev/null ||
        fail "$1: outlet-1 does not take a new row"
    for ((try = 0; try < 60; try++)); do
        [ "$(sql "select potongan from promo where id = '$promotion'")" = "$value" ] &&
            [ "$(sql "select count(*) from transaksi where nomor = '$number' and id < 1::bigint << 52")" = 1 ] &&
            copied 2 && [ "$(sqlite3 "$copy/outlet.db" "select potongan from promo where id = '$promotion'" 2>/dev/null)" = "$value" ] &&
            [[ $(api 1 GET sync/status '') == *'"pending":0'* ]] && break
        sleep 1
    done
    [ "$try" -lt 60 ] || fail "$1: what outlet-1 wrote is not in PostgreSQL and in outlet-2: $(api 1 GET sync/failed '')"
    say "$1: what outlet-1 wrote is in PostgreSQL and in outlet-2"
}

absence() { # an outlet is off for a while
    quietly "${compose[@]}" stop --timeout 20 outlet-1
    until_known "outlet-1 is stopped" 'cdc_outlet_behind_rows{outlet="toko-1"} > 0 and cdc_outlet_behind_seconds{outlet="toko-1"} > 5'
    say "outlet-1 stopped, and the server says: $("${compose[@]}" exec -T replicator warung outlets list | grep '^toko-1' | tr -s ' ')"
    up
    # It counts shapes that it read from their start, since it was started itself.
    until_known "outlet-1 goes on" 'cdc_outlet_complete{outlet="toko-1"} == 1 and cdc_outlet_resyncs_total{outlet="toko-1"} == 0'
    outlets_equal "outlet-1 started again, where it stood"
}

returns_data() { # QUERY
    local answer try
    for try in {1..15}; do # a rate needs two readings
        answer=$(ask "$1") || fail "Prometheus refuses: $1"
        [ -n "$answer" ] && break
        sleep 1
    done
    [ -n "$answer" ] || fail "no data for: $1"
    [ "${VERBOSE:-}" != 1 ] || printf '%s\n%s\n' "$1" "$answer"
}

queries() {
    local query number count=0
    while IFS= read -r query; do
        query=${query//\\\"/\"}
        if [[ $query == *'$outlet'* ]]; then
            for number in "${outlets[@]}"; do returns_data "${query//\$outlet/toko-$number}"; done
        else
            returns_data "$query"
        fi
        count=$((count + 1))
    done < <(sed -n 's/^ *"expr": "\(.*\)",$/\1/p' "$dashboard")
    [ "$count" -eq "$(grep -c '"expr"' "$dashboard")" ] || fail "not every query of $dashboard was read"
    say "$count queries of the dashboard return data"
}

for program in sqlite3 curl; do
    command -v "$program" >/dev/null || {
        echo "$program is missing: the outlets' files are read with sqlite3, and written with curl. Install it and call again." >&2
        exit 2
    }
done
export WARUNG_API_KEY=${WARUNG_API_KEY:-$RANDOM$RANDOM$RANDOM}
trap clean_up EXIT
sold=0
up
say "up and healthy: ${services[*]}"
flows "after the start"
verify "after the start"
mode=$("${compose[@]}" exec -T outlet-1 stat -c '%a %U' /var/lib/warung-enrolment/toko-1.json)
[ "$mode" = "600 warung" ] || fail "the enrolment of toko-1 is readable for others: $mode"
outlets_equal "after the start"
way_back "after the start"
absence
first=$(epoch)

for service in "${services[@]}"; do
    quietly "${compose[@]}" kill --signal KILL "$service"
    up
    flows "$service killed"
    verify "$service killed and started again"
    outlets_equal "$service killed and started again"
    case $service in postgres | kafka | intake | outlet-1) way_back "$service killed and started again" ;; esac
done

quietly "${compose[@]}" stop --timeout 60
up
flows "all stopped"
verify "all stopped and started again"
outlets_equal "all stopped and started again"
way_back "all stopped and started again"
[ -n "$first" ] && [ "$(epoch)" = "$first" ] || fail "the epoch was $first and is $(epoch): the log was begun anew"
queries
say "all is well"
