-- The functions of the control schema; the query of describe.sql is put into the first one.
create or replace function warung.describe(oids oid[], definitions boolean) returns table (oid int8, description jsonb)
language sql stable
set search_path = pg_catalog, pg_temp
set "TimeZone" = 'UTC'
set "DateStyle" = 'ISO, YMD'
set "IntervalStyle" = 'iso_8601'
set extra_float_digits = 1
set bytea_output = 'hex'
set lc_monetary = 'C'
set xmlbinary = 'base64'
as $describe$
${DESCRIBE}
$describe$;
--;
create or replace function warung.is_wanted(schema_name text, table_name text) returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select schema_name = 'warung'
            and table_name in ('shapes', 'outlets', 'writes', 'ledger', 'conflicts', 'id_map', 'sync_log', 'outlet_sessions', 'outlet_copies')
        or schema_name <> all ('{warung,pg_catalog,information_schema,pg_toast}'::text[])
        and (schema_name || '.' || table_name) ~ s.include
        and not (schema_name || '.' || table_name) ~ s.exclude
    from warung.settings s
$$;
--;
-- Whether every label of before is in after, in the same order: then labels were only added.
create or replace function warung.only_added(before jsonb, after jsonb) returns boolean
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
    select before = coalesce(jsonb_agg(l.label order by l.place) filter (where before @> jsonb_build_array(l.label)), '[]')
    from jsonb_array_elements(after) with ordinality l (label, place)
$$;
--;
-- Whether stored values print otherwise than before, though no row was written.
create or replace function warung.prints_otherwise(seen warung.seen, description jsonb) returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    -- timestamp to timestamptz in a session with UTC, integer to oid or cidr to inet rewrite nothing
    select exists (
            select from jsonb_array_elements(description -> 'columns') c
            where seen.types ? (c ->> 'attnum') and seen.types -> (c ->> 'attnum') <> c -> 'baseOid'
                and 2 > (select count(*) from pg_type y where y.typname in ('text', 'varchar', 'bpchar', 'xml', 'citext')
                    and y.oid in ((seen.types ->> (c ->> 'attnum'))::oid, (c ->> 'baseOid')::oid)))
        or exists (
            select from jsonb_each(seen.enums) e
            where description -> 'enums' ? e.key and not warung.only_added(e.value, description -> 'enums' -> e.key))
        or exists (
            select from jsonb_each(seen.composites) c
            where description -> 'composites' ? c.key and c.value <> description -> 'composites' -> c.key)
$$;
--;
-- Whether rows came or went with a partition.
create or replace function warung.partitions_changed(seen warung.seen, description jsonb) returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select exists (
            select from jsonb_array_elements(description -> 'tree') k
            where (k ->> 'leaf')::boolean and (k ->> 'oid')::oid <> all (seen.leaves)
                and pg_relation_size((k ->> 'oid')::oid::regclass) > 0)
        or exists (
            select from unnest(seen.leaves) l
            where not exists (select from jsonb_array_elements(description -> 'tree') k where (k ->> 'oid')::oid = l))
$$;
--;
create or replace function warung.fingerprint(
    description jsonb, out fingerprint text, out shape text, out filenodes jsonb)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select md5((description - '{tree,identity,wantedIdentity,publications,refusals,indexes}'::text[])::text || (
            select coalesce(jsonb_agg(i - 'definition'), '[]') from jsonb_array_elements(description -> 'indexes') i)::text),
        md5((description -> 'key')::text || (
            select jsonb_agg(c - '{default,missing,identity,base,labels,collation}'::text[])
            from jsonb_array_elements(description -> 'columns') c)::text),
        coalesce((select jsonb_agg(k -> 'filenode' order by k ->> 'oid') from jsonb_array_elements(description -> 'tree') k
            where (k ->> 'leaf')::boolean), '[]')
$$;
--;
create or replace function warung.remember(description jsonb, member boolean) returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    insert into warung.seen (oid, member, fingerprint, shape, types, enums, composites, leaves, indexes, filenodes)
    select (description ->> 'oid')::oid, member, f.fingerprint, f.shape,
        coalesce((select jsonb_object_agg(c ->> 'attnum', c -> 'baseOid') from jsonb_array_elements(description -> 'columns') c), '{}'),
        description -> 'enums', description -> 'composites',
        coalesce((select array_agg((k ->> 'oid')::oid) from jsonb_array_elements(description -> 'tree') k
            where (k ->> 'leaf')::boolean), '{}'),
        coalesce((select array_agg((i ->> 'oid')::oid) from jsonb_array_elements(description -> 'indexes') i), '{}'),
        f.filenodes
    from warung.fingerprint(description) f
    on conflict (oid) do update set member = excluded.member, fingerprint = excluded.fingerprint, shape = excluded.shape, types = excluded.types, enums = excluded.enums,
        composites = excluded.composites, leaves = excluded.leaves, indexes = excluded.indexes, filenodes = excluded.filenodes
$$;
--;
-- Gives every table of the tree its replica identity, and each partitioned one the triggers that see a partition truncated.
create or replace function warung.prepare_table(description jsonb) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    k jsonb;
    wanted text := description ->> 'wantedIdentity';
    partitioned boolean := description ->> 'kind' = 'p';
    name text;
begin
    for k in select jsonb_array_elements(description -> 'tree') loop
        name := format('%I.%I', k ->> 'schema', k ->> 'name');
        if wanted <> 'i' and (k ->> 'identity' <> wanted or description -> 'publications' = '[]') then
            execute format('alter table only %s replica identity %s', name, case wanted when 'f' then 'full' else 'default' end);
        end if;
        if partitioned and not exists (
                select from pg_trigger t where t.tgrelid = (k ->> 'oid')::oid and t.tgname = 'warung_truncate') then
            execute format('create trigger warung_truncate before truncate on %s for each statement'
                ' execute function warung.on_truncate()', name);
            execute format('alter table only %s enable always trigger warung_truncate', name);
            if k ->> 'oid' = description ->> 'oid' then
                execute format('create trigger warung_truncated after truncate on %s for each statement'
                    ' execute function warung.on_truncate()', name);
                execute format('alter table only %s enable always trigger warung_truncated', name);
            end if;
        end if;
    end loop;
end
$$;
--;
-- Describes the tables, lets them join or leave the publication, and writes one row of the log if anything changed.
create or replace function warung.log_tables(tag text, touched oid[], rewritten oid[], dropped jsonb)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    s warung.settings;
    old warung.seen;
    d jsonb;
    entries jsonb := '[]';
    copies jsonb := '[]';
    id oid;
    name text;
    joined text;
    member boolean;
    refused boolean;
    rewrite boolean;
begin
    select * into s from warung.settings;
    if not found then
        return;
    end if;
    rewritten := array(select coalesce(pg_partition_root(o)::oid, o) from unnest(rewritten) o);
    touched := array(select distinct coalesce(pg_partition_root(o)::oid, o) from unnest(touched || rewritten) o);
    for d in select x.description from warung.describe(touched, true) x order by x.oid loop
        id := (d ->> 'oid')::oid;
        name := format('%I.%I', d ->> 'schema', d ->> 'name');
        member := d -> 'publications' ? s.publication::text;
        continue when (not member or d ->> 'schema' = 'warung') and not warung.is_wanted(d ->> 'schema', d ->> 'name');
        d := jsonb_set(d, '{refusals}', d -> 'refusals' || (
            select coalesce(jsonb_agg(h.reason), '[]') from warung.held h where h.oid = id));
        refused := d -> 'refusals' <> '[]';
        joined := null;
        select * into old from warung.seen w where w.oid = id;
        rewrite := member and (id = any (rewritten)
            or old.oid is not null and (warung.prints_otherwise(old, d) or warung.partitions_changed(old, d)));
        if refused and member then
            execute format('alter publication %I drop table only %s', s.publication, name);
        elsif not refused then
            perform warung.prepare_table(d);
            if member and old.oid is null then
                -- someone else has put it there: changes of before have no record
                joined := 'late';
            elsif not member then
                execute format('alter publication %I add table only %s', s.publication, name);
                if s.role is not null then
                    execute format('grant usage on schema %I to %I', d ->> 'schema', s.role);
                    execute format('grant select on %s to %I', name, s.role);
                end if;
                joined := case when tag in ('CREATE TABLE', 'CREATE SCHEMA') and not exists (
                        select from jsonb_array_elements(d -> 'tree') k where pg_relation_size((k ->> 'oid')::oid::regclass) > 0)
                    then 'empty' else 'late' end;
            end if;
        end if;
        perform warung.leave_as_partition(s.publication, d);
        if old.oid is null or joined is not null or rewrite or old.member = refused
                or old.fingerprint <> (warung.fingerprint(d)).fingerprint then
            entries := entries || jsonb_build_array(d || jsonb_build_object('joined', joined, 'member', not refused));
            if rewrite and not refused then
                copies := copies || to_jsonb(id::int8);
            end if;
        end if;
        perform warung.remember(d, not refused);
    end loop;
    delete from warung.held h where h.oid in (select (x ->> 'oid')::oid from jsonb_array_elements(dropped) x);
    delete from warung.seen w where w.oid in (select (x ->> 'oid')::oid from jsonb_array_elements(dropped) x);
    if entries <> '[]' or dropped <> '[]' then
        insert into warung.ddl_log (tag, change)
        values (tag, jsonb_build_object('tag', tag, 'tables', entries, 'rewritten', copies, 'dropped', dropped));
    end if;
end
$$;
--;
-- A table that became a partition is captured as a part of its root only.
create or replace function warung.leave_as_partition(publication name, description jsonb) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    k record;
begin
    if description ->> 'kind' <> 'p' then
        return;
    end if;
    for k in
        select (x ->> 'oid')::oid as oid, x ->> 'schema' as schema, x ->> 'name' as name
        from jsonb_array_elements(description -> 'tree') x
        where x ->> 'oid' <> description ->> 'oid' and exists (select from warung.seen w where w.oid = (x ->> 'oid')::oid)
    loop
        if exists (select from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
                where p.pubname = publication and r.prrelid = k.oid) then
            execute format('alter publication %I drop table only %I.%I', publication, k.schema, k.name);
        end if;
        delete from warung.seen w where w.oid = k.oid;
        insert into warung.ddl_log (tag, change)
        values ('ATTACH PARTITION', jsonb_build_object('tag', 'ATTACH PARTITION', 'tables', '[]'::jsonb, 'rewritten', '[]'::jsonb,
            'dropped', jsonb_build_array(jsonb_build_object(
                'oid', k.oid::int8, 'type', 'table', 'schema', k.schema, 'name', k.name))));
    end loop;
end
$$;
--;
-- The tables with a column whose text is made of one of these types.
create or replace function warung.tables_with(types oid[]) returns oid[]
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    with recursive reach (classid, objid) as (
        select 'pg_type'::regclass::oid, t from unnest(types) t
        union
        select x.classid, x.objid
        from reach r
        cross join lateral (
            select d.classid, d.objid from pg_depend d
            where d.refclassid = r.classid and d.refobjid = r.objid
                and r.classid = 'pg_type'::regclass and (d.classid = 'pg_type'::regclass or d.classid = 'pg_class'::regclass)
            union all
            select 'pg_type'::regclass::oid, c.reltype from pg_class c
            where r.classid = 'pg_class'::regclass and c.oid = r.objid and c.reltype <> 0
        ) x
    )
    select coalesce(array_agg(c.oid), '{}')
    from reach r join pg_class c on r.classid = 'pg_class'::regclass and c.oid = r.objid
    where c.relkind in ('r', 'p')
$$;
--;
create or replace function warung.log_command(tag text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    touched oid[];
    types oid[];
    rewritten oid[] := string_to_array(nullif(current_setting('warung.rewritten', true), ''), ',')::oid[];
begin
    perform set_config('warung.rewritten', '', true);
    select array_agg(x.relid) filter (where x.relid is not null), array_agg(x.typid) filter (where x.typid is not null)
    into touched, types
    from pg_event_trigger_ddl_commands() c
    left join pg_class r on c.classid = 'pg_class'::regclass and r.oid = c.objid and r.relpersistence <> 't'
    left join pg_index i on r.relkind in ('i', 'I') and i.indexrelid = r.oid
    left join pg_constraint o on c.classid = 'pg_constraint'::regclass and o.oid = c.objid
    cross join lateral (
        select case when r.relkind in ('r', 'p') then r.oid else coalesce(i.indrelid, nullif(o.conrelid, 0)) end,
            case when c.classid = 'pg_type'::regclass then c.objid
                when r.relkind in ('c', 'r', 'p') and tag like 'ALTER%' then nullif(r.reltype, 0) end
        union all
        select t.oid, null from pg_class t
        where c.classid = 'pg_namespace'::regclass and tag = 'ALTER SCHEMA' and t.relnamespace = c.objid and t.relkind in ('r', 'p')
        union all
        select null, t.oid from pg_type t
        where c.classid = 'pg_namespace'::regclass and tag = 'ALTER SCHEMA' and t.typnamespace = c.objid
        union all
        select null, d.objid from pg_depend d
        where c.classid = 'pg_extension'::regclass and tag = 'ALTER EXTENSION' and d.refclassid = c.classid and d.refobjid = c.objid
            and d.classid = 'pg_type'::regclass
    ) x (relid, typid);
    if types is not null then
        touched := touched || warung.tables_with(types);
    end if;
    -- a detached partition is a table of its own
    touched := touched || array(
        select l from warung.seen w, unnest(w.leaves) l where w.oid = any (touched) and l <> w.oid
            and not exists (select from pg_inherits h where h.inhrelid = l));
    if cardinality(touched) > 0 or rewritten is not null then
        perform warung.log_tables(tag, coalesce(touched, '{}'), coalesce(rewritten, '{}'), '[]');
    end if;
end
$$;
--;
create or replace function warung.log_drop(tag text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    gone jsonb;
    touched oid[];
    held oid[];
    roots oid[];
begin
    select coalesce(jsonb_agg(jsonb_build_object('oid', o.objid::int8, 'type', o.object_type, 'schema', o.schema_name,
            'name', o.object_name)), '[]')
    into gone
    from pg_event_trigger_dropped_objects() o
    where o.classid = 'pg_class'::regclass and o.objsubid = 0 and o.object_type = 'table'
        and exists (select from warung.seen w where w.oid = o.objid);
    select array_agg(w.oid) into roots
    from warung.seen w
    where exists (
            select from pg_event_trigger_dropped_objects() o
            where o.classid = 'pg_class'::regclass and o.objsubid = 0 and o.objid = any (w.leaves) and o.objid <> w.oid)
        and exists (select from pg_class c where c.oid = w.oid);
    if tag not in ('ALTER TABLE', 'DROP TABLE') then
        select array_agg(t.oid), array_agg(t.oid) filter (where o.object_type = 'publication relation' and tag = 'ALTER PUBLICATION')
        into touched, held
        from pg_event_trigger_dropped_objects() o
        join pg_namespace n on n.nspname = o.address_names[1]
        join pg_class t on t.relnamespace = n.oid and t.relname = o.address_names[2] and t.relkind in ('r', 'p')
        where o.object_type in ('table column', 'table constraint')
            or o.object_type = 'publication relation' and o.address_args[1] = (select s.publication from warung.settings s)
                and tag in ('ALTER PUBLICATION', 'DROP PUBLICATION');
        touched := touched || array(
            select w.oid from warung.seen w
            where exists (
                    select from pg_event_trigger_dropped_objects() o
                    where o.classid = 'pg_class'::regclass and o.object_type = 'index' and o.objid = any (w.indexes))
                and exists (select from pg_class c where c.oid = w.oid));
    end if;
    insert into warung.held (oid, reason)
    select o, 'it was taken out of the publication' from unnest(held) o
    on conflict (oid) do nothing;
    if gone <> '[]' or cardinality(touched) > 0 or roots is not null then
        perform warung.log_tables(tag, coalesce(touched, '{}'), coalesce(roots, '{}'), gone);
    end if;
end
$$;
--;
-- Runs inside the application's command: whatever fails here must not fail there. A guard keeps its own commands out.
create or replace function warung.on_command() returns event_trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '500ms'
as $$
begin
    if current_setting('warung.busy', true) = 'on' then
        return;
    end if;
    begin
        perform set_config('warung.busy', 'on', true);
        if tg_event = 'ddl_command_end' then
            perform warung.log_command(tg_tag);
        elsif tg_event = 'sql_drop' then
            perform warung.log_drop(tg_tag);
        else
            perform set_config('warung.rewritten',
                concat_ws(',', nullif(current_setting('warung.rewritten', true), ''), pg_event_trigger_table_rewrite_oid()), true);
        end if;
        perform set_config('warung.busy', 'off', true);
    exception when others then
        begin
            perform warung.log_failure(tg_tag, sqlstate || ' ' || sqlerrm);
        exception when others then
            raise log 'warung could not log %: %', tg_tag, sqlerrm;
        end;
    end;
end
$$;
--;
create or replace function warung.log_failure(tag text, failure text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into warung.ddl_log (tag, change, error)
    values (tag, jsonb_build_object('tag', tag, 'tables', '[]'::jsonb, 'rewritten', '[]'::jsonb, 'dropped', '[]'::jsonb,
        'error', failure), failure);
exception when others then
    raise log 'warung could not log %: %; then: %', tag, failure, sqlerrm;
end
$$;
--;
-- PostgreSQL publishes no TRUNCATE of a single partition through its root: then the root is copied anew.
create or replace function warung.on_truncate() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '500ms'
as $$
declare
    root oid := pg_partition_root(tg_relid);
    covered text := nullif(current_setting('warung.truncating', true), '');
begin
    if root is null or tg_relid = root then
        perform set_config('warung.truncating', case tg_when when 'BEFORE' then tg_relid::text else '' end, true);
    elsif covered is distinct from root::text and exists (select from pg_class c where c.oid = tg_relid and c.relkind = 'r') then
        perform set_config('warung.busy', 'on', true);
        perform warung.log_tables('TRUNCATE', '{}', array[root], '[]');
        perform set_config('warung.busy', 'off', true);
    end if;
    return null;
exception when others then
    begin
        perform warung.log_failure('TRUNCATE', sqlstate || ' ' || sqlerrm);
    exception when others then
        raise log 'warung could not log TRUNCATE: %', sqlerrm;
    end;
    return null;
end
$$;
--;
-- Whether a table, or a table below it, logs less or more of old rows than capture needs: someone has changed it by hand.
create or replace function warung.identity_lost(description jsonb) returns boolean
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
    select description ->> 'wantedIdentity' <> 'i' and exists (
        select from jsonb_array_elements(description -> 'tree') k
        where k ->> 'identity' <> description ->> 'wantedIdentity')
$$;
--;
-- Compares the catalogue with what was logged and logs the difference: for servers without the event triggers, and after their
-- failures. Rows may have come between the change and this: so the table is copied anew.
create or replace function warung.poll() returns int
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '500ms'
as $$
declare
    s warung.settings;
    triggered boolean := (select count(*) = 3 from pg_event_trigger e
        where e.evtname like 'warung\_%' and e.evtenabled <> 'D');
    touched oid[];
    rewritten oid[];
    gone jsonb;
    t oid;
    failures int := 0;
begin
    select * into s from warung.settings;
    if not found then
        return 0;
    end if;
    select array_agg(d.oid::oid),
        array_agg(d.oid::oid) filter (where w.shape <> f.shape or not triggered and w.filenodes <> f.filenodes
            or w.member and warung.identity_lost(d.description))
    into touched, rewritten
    from warung.describe(array(
        select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'
            and (warung.is_wanted(n.nspname, c.relname) or exists (
                select from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
                where p.pubname = s.publication and r.prrelid = c.oid and n.nspname <> 'warung'))), false) d
    cross join warung.fingerprint(d.description) f
    left join warung.seen w on w.oid = d.oid::oid
    where w.oid is null or w.fingerprint <> f.fingerprint or not triggered and w.filenodes <> f.filenodes
        or warung.prints_otherwise(w, d.description) or warung.partitions_changed(w, d.description)
        or w.member and warung.identity_lost(d.description)
        or d.description -> 'refusals' = '[]' and not d.description -> 'publications' ? s.publication::text
            and not exists (select from warung.held h where h.oid = d.oid::oid);
    select coalesce(jsonb_agg(jsonb_build_object('oid', w.oid::int8, 'type', 'table', 'schema', '', 'name', '')), '[]')
    into gone
    from warung.seen w where not exists (select from pg_class c where c.oid = w.oid);
    perform set_config('warung.busy', 'on', true);
    if gone <> '[]' then
        perform warung.log_tables('POLL', '{}', '{}', gone);
    end if;
    foreach t in array coalesce(touched, '{}') loop
        begin
            perform warung.log_tables('POLL', array[t], case when t = any (rewritten) then array[t] else '{}' end, '[]');
        exception when lock_not_available or insufficient_privilege or object_in_use then
            failures := failures + 1;
        end;
    end loop;
    perform set_config('warung.busy', 'off', true);
    return failures;
end
$$;
