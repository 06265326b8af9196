-- The control schema. Every statement may run again; statements are separated by a line of two hyphens and a semicolon.
create schema if not exists warung;
--;
create table if not exists warung.settings (
    id int primary key default 1 check (id = 1),
    version int not null,
    publication name not null,
    -- older changes cannot be read through it
    publication_made_at pg_lsn not null default '0/0',
    publication_oid oid,
    -- of the log, counted here too: it must grow even when Kafka has lost everything
    epoch int not null default 0,
    -- the capture process that took over last
    holder uuid,
    -- who reads new tables, if it is not their owner
    role name,
    include text not null,
    exclude text not null
);
--;
create table if not exists warung.heartbeat (
    id int primary key default 1 check (id = 1),
    counter bigint not null,
    nonce uuid not null,
    at timestamptz not null
);
--;
create table if not exists warung.watermark (
    id int primary key default 1 check (id = 1),
    -- of the chunk of a generation copy that was read before this row was written
    chunk uuid,
    at timestamptz not null
);
--;
create table if not exists warung.ddl_log (
    id bigint generated always as identity primary key,
    at timestamptz not null default pg_catalog.clock_timestamp(),
    tag text not null,
    change jsonb not null,
    error text
);
--;
-- What each captured table looked like when it was last logged: local, not captured.
create table if not exists warung.seen (
    oid oid primary key,
    member boolean not null,
    fingerprint text not null,
    shape text not null,
    types jsonb not null,
    enums jsonb not null,
    composites jsonb not null,
    leaves oid[] not null,
    indexes oid[] not null,
    filenodes jsonb not null
);
--;
-- Tables that stay out of the publication although nothing in the catalogue speaks against them: local, not captured.
create table if not exists warung.held (
    oid oid primary key,
    reason text not null
);
--;
-- What shapes there are, and which outlets: captured as an application's tables are.
create table if not exists warung.shapes (
    name text primary key check (name ~ '^[a-z][a-z0-9-]{0,39}$'),
    definition jsonb not null,
    applied_at timestamptz not null default pg_catalog.now()
);
--;
create table if not exists warung.outlets (
    id uuid primary key default pg_catalog.gen_random_uuid(),
    -- names the outlet in topics and groups: it never changes
    code text not null unique check (code ~ '^[A-Za-z0-9][A-Za-z0-9-]{0,59}$'),
    name text not null,
    attributes jsonb not null default '{}',
    enabled boolean not null default true,
    -- a higher one tells the outlet to read everything anew
    generation integer not null default 1,
    created_at timestamptz not null default pg_catalog.now()
);
--;
-- How each table takes what outlets write; written by 'warung shapes apply'.
create table if not exists warung.writes (
    -- with its schema: public.stok
    table_name text primary key,
    definition jsonb not null,
    applied_at timestamptz not null default pg_catalog.now()
);
--;
-- Each op of an outlet, once, in its final state: an op that stands here was applied or decided, and is never applied again.
create table if not exists warung.ledger (
    op uuid primary key,
    outlet_id uuid not null,
    outlet_code text not null,
    upload uuid not null,
    -- of what the op does: another op of the same id has another
    hash bytea not null,
    table_name text not null,
    row_key jsonb not null,
    kind text not null,
    status text not null check (status in ('applied', 'merged', 'superseded', 'conflict', 'failed')),
    reason_code text,
    -- for a shopkeeper
    reason text,
    -- for whoever looks for the cause
    detail text,
    -- what the device wrote, unless it was applied as it is
    content jsonb,
    device_at timestamptz not null,
    effective_at timestamptz not null,
    clock_suspect boolean not null default false,
    received_at timestamptz not null default pg_catalog.clock_timestamp()
);
--;
create table if not exists warung.conflicts (
    id uuid primary key default pg_catalog.gen_random_uuid(),
    op uuid not null,
    outlet_id uuid not null,
    outlet_code text not null,
    table_name text not null,
    row_key jsonb not null,
    -- the row as the outlet saw it, as it wants it, and as it was here; null where there was none
    base jsonb,
    client jsonb,
    server jsonb,
    policy text not null,
    state text not null default 'open' check (state in ('open', 'resolved')),
    resolution text,
    result jsonb,
    resolved_by text,
    created_at timestamptz not null default pg_catalog.clock_timestamp(),
    resolved_at timestamptz
);
--;
-- What became of ids that outlets gave to rows whose ids the server assigns.
create table if not exists warung.id_map (
    outlet_code text not null,
    table_name text not null,
    local_id bigint not null,
    server_id bigint not null,
    op uuid not null,
    mapped_at timestamptz not null default pg_catalog.clock_timestamp(),
    primary key (outlet_code, table_name, local_id)
);
--;
create table if not exists warung.sync_log (
    id uuid primary key default pg_catalog.gen_random_uuid(),
    outlet_code text not null,
    upload uuid,
    began_at timestamptz not null,
    duration_ms integer not null,
    ops integer not null,
    applied integer not null,
    merged integer not null,
    superseded integer not null,
    conflicts integer not null,
    failed integer not null,
    status text not null,
    message text
);
--;
-- Which files of an outlet have sent something. A copy of a file cannot name the newest nonce: it is another file, and has to say so.
create table if not exists warung.outlet_sessions (
    outlet_id uuid not null,
    outlet_code text not null,
    file uuid not null,
    session bigint not null,
    nonce uuid not null,
    seen_at timestamptz not null default pg_catalog.clock_timestamp(),
    primary key (outlet_id, file)
);
--;
-- Copies that were found: nothing was applied of what they sent with this nonce.
create table if not exists warung.outlet_copies (
    outlet_id uuid not null,
    outlet_code text not null,
    file uuid not null,
    nonce uuid primary key,
    session bigint not null,
    found_at timestamptz not null default pg_catalog.clock_timestamp()
);
--;
-- When a row got the content that intake wrote, while it still has it: local, not captured.
create table if not exists warung.row_time (
    table_name text not null,
    row_key jsonb not null,
    content bytea not null,
    effective_at timestamptz not null,
    primary key (table_name, row_key)
);
--;
create index if not exists ledger_outlet on warung.ledger (outlet_code, received_at);
--;
create index if not exists conflicts_state on warung.conflicts (state, created_at);
--;
insert into warung.heartbeat (counter, nonce, at) values (0, pg_catalog.gen_random_uuid(), pg_catalog.clock_timestamp())
on conflict (id) do nothing;
--;
insert into warung.watermark (at) values (pg_catalog.clock_timestamp())
on conflict (id) do nothing;
