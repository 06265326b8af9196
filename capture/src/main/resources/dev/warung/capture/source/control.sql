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
insert into warung.heartbeat (counter, nonce, at) values (0, pg_catalog.gen_random_uuid(), pg_catalog.clock_timestamp())
on conflict (id) do nothing;
--;
insert into warung.watermark (at) values (pg_catalog.clock_timestamp())
on conflict (id) do nothing;
