with recursive
target as (
    select c.* from pg_catalog.pg_class c
    where c.oid = any (${OIDS}) and c.relkind in ('r', 'p', 'f')
),
-- Every table of the partition tree, the table itself first; the leaves hold the rows. Nothing in this query takes a lock, so
-- that it need not wait for the application's DDL, but pg_get_indexdef.
descent as (
    select t.oid as target, t.oid, 0 as level from target t
    union all
    select d.target, i.inhrelid, d.level + 1
    from descent d
    join pg_catalog.pg_inherits i on i.inhparent = d.oid
    join pg_catalog.pg_class c on c.oid = i.inhrelid and c.relispartition
),
tree as (
    select d.target, c.oid, c.relkind, c.relpersistence, c.relreplident, c.reltoastrelid, c.reltuples, c.relpages, c.relname,
        n.nspname, c.relkind <> 'p' as isleaf, d.level
    from descent d
    join pg_catalog.pg_class c on c.oid = d.oid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
),
col as (
    select t.oid as relid, t.relkind, a.*,
        a.attgenerated = '' or a.attgenerated = 's' and pg_catalog.current_setting('server_version_num')::int >= 180000 as copied
    from target t
    join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
),
-- the type behind all domains
base as (
    select c.relid, c.attnum, y.oid as typ, y.typtype, y.typbasetype
    from col c join pg_catalog.pg_type y on y.oid = c.atttypid
    union all
    select b.relid, b.attnum, y.oid, y.typtype, y.typbasetype
    from base b join pg_catalog.pg_type y on y.oid = b.typbasetype
    where b.typtype = 'd'
),
-- the type of a column's values, or of the elements of its arrays, behind all domains
scalar as (
    select b.relid, b.attnum, e.oid as typ, e.typtype, e.typbasetype, e.oid <> b.typ as isarray
    from base b
    join pg_catalog.pg_type e on e.oid = coalesce((select i.oid from pg_catalog.pg_type i where i.typarray = b.typ), b.typ)
    where b.typtype <> 'd'
    union all
    select s.relid, s.attnum, y.oid, y.typtype, y.typbasetype, s.isarray
    from scalar s join pg_catalog.pg_type y on y.oid = s.typbasetype
    where s.typtype = 'd'
),
-- How texts are ordered. The names of some fields differ from version to version.
ordering as (
    select k.oid, case
        when not k.collisdeterministic then 'nondeterministic'
        when x.provider = 'b' and x.locale = 'C' or x.provider = 'c' and x.sorts in ('C', 'POSIX') and x.ctype in ('C', 'POSIX') then 'c'
        when x.provider = 'b' or x.provider = 'c' and x.sorts in ('C', 'POSIX') then 'unicode_bytes'
        else 'locale' end as class
    from pg_catalog.pg_collation k
    join pg_catalog.pg_database d on d.datname = pg_catalog.current_database()
    cross join lateral (select pg_catalog.to_jsonb(k) as k, pg_catalog.to_jsonb(d) as d, k.collprovider = 'd' as isdefault) j
    cross join lateral (select
        case when j.isdefault then coalesce(j.d ->> 'datlocprovider', 'c') else j.k ->> 'collprovider' end as provider,
        case when j.isdefault then j.d ->> 'datcollate' else j.k ->> 'collcollate' end as sorts,
        case when j.isdefault then j.d ->> 'datctype' else j.k ->> 'collctype' end as ctype,
        case when j.isdefault then j.d ->> 'datlocale' else j.k ->> 'colllocale' end as locale) x
    where k.collprovider = 'd' or k.oid in (select c.attcollation from col c)
),
-- every type that a column's text is made of
reach as (
    select c.relid, c.attnum, c.atttypid as typ from col c where c.copied
    union
    select r.relid, r.attnum, x.typ
    from reach r
    join pg_catalog.pg_type y on y.oid = r.typ
    cross join lateral (
        select y.typbasetype as typ where y.typtype = 'd'
        union all
        select y.typelem where y.typcategory = 'A' and y.typelem <> 0
        union all
        select g.rngsubtype from pg_catalog.pg_range g where y.typtype = 'r' and g.rngtypid = y.oid
        union all
        select g.rngtypid from pg_catalog.pg_range g where y.typtype = 'm' and g.rngmultitypid = y.oid
        union all
        select a.atttypid from pg_catalog.pg_attribute a
        where y.typtype = 'c' and a.attrelid = y.typrelid and a.attnum > 0 and not a.attisdropped
    ) x
),
refused_type as (
    select r.relid, r.attnum, pg_catalog.min(pg_catalog.format_type(r.typ, null)) as type
    from reach r
    join pg_catalog.pg_type y on y.oid = r.typ
    where y.typtype = 'p'
        or y.typtype = 'b' and y.typcategory <> 'A' and y.typnamespace = 'pg_catalog'::pg_catalog.regnamespace
            and y.typname <> all ('{bool,bytea,char,name,int8,int2,int4,regproc,text,oid,tid,xid,cid,json,xml,point,lseg,path,box,polygon,line,circle,float4,float8,money,macaddr,inet,cidr,macaddr8,aclitem,bpchar,varchar,date,time,timestamp,timestamptz,interval,timetz,bit,varbit,numeric,refcursor,regprocedure,regoper,regoperator,regclass,regcollation,regtype,regrole,regnamespace,uuid,pg_lsn,tsvector,tsquery,regconfig,regdictionary,jsonb,jsonpath,txid_snapshot,pg_snapshot,xid8}'::name[])
        or y.typtype = 'b' and y.typcategory <> 'A' and y.typnamespace <> 'pg_catalog'::pg_catalog.regnamespace
            and not exists (
                select from pg_catalog.pg_depend d join pg_catalog.pg_extension e on e.oid = d.refobjid
                where d.classid = 'pg_catalog.pg_type'::regclass and d.objid = y.oid
                    and d.refclassid = 'pg_catalog.pg_extension'::regclass and d.deptype = 'e'
                    and (e.extname, y.typname) in
                        (('hstore', 'hstore'), ('citext', 'citext'), ('ltree', 'ltree'), ('ltree', 'lquery'), ('ltree', 'ltxtquery')))
    group by r.relid, r.attnum
),
-- what rows written before ADD COLUMN have in it; a partitioned table's rows have it from its leaves
missing as (
    select c.relid, c.attnum, (
            select pg_catalog.array_to_string(a.attmissingval, '')
            from tree k join pg_catalog.pg_attribute a on a.attrelid = k.oid
            where k.target = c.relid and a.attname = c.attname and a.atthasmissing
            order by k.level, k.oid limit 1) as text
    from col c
),
indexes as (
    select i.indrelid as relid, x.relname, i.indexrelid, i.indisprimary, i.indisunique, i.indimmediate, i.indisreplident, i.indnkeyatts,
        i.indpred is not null as partial, i.indexprs is not null as expressions, i.indpred is null and i.indexprs is null as plain,
        m.amname, k.columns, k.usable,
        pg_catalog.md5(pg_catalog.concat_ws(' ', i.indkey, i.indclass, i.indcollation, i.indoption, i.indpred, i.indexprs, m.amname)) as hash
    from target t
    join pg_catalog.pg_index i on i.indrelid = t.oid and i.indisvalid
    join pg_catalog.pg_class x on x.oid = i.indexrelid
    join pg_catalog.pg_am m on m.oid = x.relam
    cross join lateral (
        select pg_catalog.jsonb_agg(c.attname order by o.place) as columns,
            pg_catalog.bool_and(c.attnotnull and c.copied and not exists (
                -- a NOT NULL that old rows need not obey (PostgreSQL 18)
                select from pg_catalog.pg_constraint n
                where n.conrelid = c.relid and n.contype = 'n' and n.conkey = array[c.attnum] and not n.convalidated)) as usable
        from pg_catalog.unnest(i.indkey::int2[]) with ordinality o (attnum, place)
        left join col c on c.relid = i.indrelid and c.attnum = o.attnum
        where o.place <= i.indnkeyatts
    ) k
),
-- the primary key, else the replica identity, else the smallest unique index that holds no NULL
key as (
    select distinct on (relid) relid, columns, relname, indisprimary, indisreplident
    from indexes
    where indisunique and indimmediate and plain and usable
    order by relid, indisprimary desc, indisreplident desc, indnkeyatts, indexrelid
),
virtual as (
    select t.oid as relid,
        exists (select from col c where c.relid = t.oid and c.attgenerated = 'v') as present,
        coalesce(
            (select pg_catalog.bool_or(k.reltoastrelid <> 0) from tree k where k.target = t.oid and k.relkind = 'r'),
            exists (select from col c where c.relid = t.oid and c.attlen < 0 and c.attstorage <> 'p' and c.attgenerated <> 'v')
        ) as toastable
    from target t
),
reason as (
    select t.oid as relid, 1 as place, 'it is a foreign table, whose changes are not in the WAL' as text from target t where t.relkind = 'f'
    union all
    select t.oid, 2, case t.relpersistence when 'u' then 'it is unlogged: its changes are not in the WAL' else 'it is a temporary table' end
    from target t where t.relpersistence <> 'p'
    union all
    select k.target, 3, pg_catalog.format('its partition %s is a foreign table or unlogged: its changes are not in the WAL', k.relname)
    from tree k where k.level > 0 and (k.relkind = 'f' or k.relpersistence <> 'p')
    union all
    select t.oid, 4, case
            when exists (select from indexes i where i.relid = t.oid and i.indisprimary and not i.indimmediate)
                then 'its primary key is deferrable, so a key is not unique at every moment'
            when exists (select from indexes i where i.relid = t.oid and i.indisprimary)
                then 'its primary key has a column that is not in the WAL'
            else 'it has no primary key, nor a unique index over columns that are NOT NULL'
        end
    from target t where not exists (select from key k where k.relid = t.oid)
    union all
    select v.relid, 5, 'it has virtual generated columns and values that may be stored out of line, which updates leave out of the WAL'
    from virtual v where v.present and v.toastable
    union all
    select v.relid, 6, 'it has virtual generated columns and neither a primary key nor a replica identity index'
    from virtual v join key k on k.relid = v.relid where v.present and not v.toastable and not k.indisprimary and not k.indisreplident
    union all
    -- SQLite finds a column by its name without regard to case
    select c.relid, 7, pg_catalog.format('its columns %s differ only by case', pg_catalog.string_agg(c.attname, ', ' order by c.attnum))
    from col c group by c.relid, pg_catalog.lower(c.attname) having count(*) > 1
    union all
    select c.relid, 100 + c.attnum, pg_catalog.format('column %s has type %s, which is not supported%s', c.attname,
        pg_catalog.format_type(c.atttypid, c.atttypmod),
        case when f.type = pg_catalog.format_type(c.atttypid, null) then '' else pg_catalog.format(' (because of %s)', f.type) end)
    from refused_type f join col c on c.relid = f.relid and c.attnum = f.attnum
)
select t.oid::int8 as oid, pg_catalog.jsonb_build_object(
    'oid', t.oid::int8,
    'schema', n.nspname,
    'name', t.relname,
    'kind', t.relkind,
    'persistence', t.relpersistence,
    'identity', t.relreplident,
    'wantedIdentity', case
        when not v.present then 'f'
        when exists (select from key k where k.relid = t.oid and not k.indisprimary and k.indisreplident) then 'i'
        else 'd' end,
    'root', case when t.relispartition then pg_catalog.pg_partition_root(t.oid)::oid::int8 end,
    'virtual', v.present,
    'toastable', v.toastable,
    'collation', (select k.class from ordering k join pg_catalog.pg_collation o on o.oid = k.oid where o.collprovider = 'd'),
    'columns', coalesce((
        select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
            'attnum', c.attnum,
            'name', c.attname,
            'type', pg_catalog.format_type(c.atttypid, c.atttypmod),
            'typeOid', c.atttypid::int8,
            'baseType', case when y.typnamespace = 'pg_catalog'::pg_catalog.regnamespace then y.typname::text else y.typnamespace::pg_catalog.regnamespace || '.' || y.typname end,
            'baseOid', y.oid::int8,
            'baseKind', y.typtype,
            'category', y.typcategory,
            'base', pg_catalog.format_type(s.typ, null) || case when s.isarray then '[]' else '' end,
            'labels', (
                select pg_catalog.jsonb_agg(u.enumlabel order by u.enumsortorder)
                from pg_catalog.pg_enum u where u.enumtypid = s.typ),
            'collation', (select k.class from ordering k where k.oid = c.attcollation),
            -- without the event triggers a NULL may come before the log knows that it may
            'notNull', c.attnotnull and (
                    exists (select from pg_catalog.pg_event_trigger g where g.evtname = 'warung_command' and g.evtenabled <> 'D')
                    or exists (select from key k where k.relid = c.relid and pg_catalog.jsonb_exists(k.columns, c.attname::text)))
                and not exists (
                    select from pg_catalog.pg_constraint o
                    where o.conrelid = c.relid and o.contype = 'n' and o.conkey = array[c.attnum] and not o.convalidated),
            'generated', c.attgenerated,
            'copied', c.copied,
            'identity', c.attidentity,
            'default', (
                select case c.attgenerated when '' then pg_catalog.pg_get_expr(d.adbin, 0) else pg_catalog.md5(d.adbin::text) end
                from pg_catalog.pg_attrdef d where d.adrelid = c.relid and d.adnum = c.attnum),
            'missing', m.text) order by c.attnum)
        from col c
        join base b on b.relid = c.relid and b.attnum = c.attnum and b.typtype <> 'd'
        join pg_catalog.pg_type y on y.oid = b.typ
        join scalar s on s.relid = c.relid and s.attnum = c.attnum and s.typtype <> 'd'
        join missing m on m.relid = c.relid and m.attnum = c.attnum
        where c.relid = t.oid), '[]'),
    'key', coalesce((select k.columns from key k where k.relid = t.oid), '[]'),
    'keyIndex', (select k.relname from key k where k.relid = t.oid),
    'keyPrimary', coalesce((select k.indisprimary from key k where k.relid = t.oid), false),
    'indexes', coalesce((
        select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
            'name', i.relname,
            'oid', i.indexrelid::int8,
            'unique', i.indisunique,
            'primary', i.indisprimary,
            'partial', i.partial,
            'expressions', i.expressions,
            'columns', case when i.plain and i.amname = 'btree' then i.columns else '[]' end,
            'hash', i.hash,
            'definition', case when ${DEFINITIONS} then pg_catalog.pg_get_indexdef(i.indexrelid) end) order by i.relname)
        from indexes i where i.relid = t.oid), '[]'),
    'tree', (
        select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
            'oid', k.oid::int8,
            'schema', k.nspname,
            'name', k.relname,
            'leaf', k.isleaf,
            'identity', k.relreplident,
            'filenode', pg_catalog.pg_relation_filenode(k.oid)::int8,
            'pages', k.relpages,
            'tuples', k.reltuples) order by k.level, k.oid)
        from tree k where k.target = t.oid),
    'enums', coalesce((
        select pg_catalog.jsonb_object_agg(e.oid::text, e.labels)
        from (
            select u.enumtypid as oid, pg_catalog.jsonb_agg(u.enumlabel order by u.enumsortorder) as labels
            from pg_catalog.pg_enum u
            where u.enumtypid in (select r.typ from reach r where r.relid = t.oid)
            group by u.enumtypid
        ) e), '{}'),
    'composites', coalesce((
        select pg_catalog.jsonb_object_agg(y.oid::text, y.attributes)
        from (
            select u.oid, pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(a.attnum, a.atttypid::int8, a.atttypmod) order by a.attnum) as attributes
            from pg_catalog.pg_type u
            join pg_catalog.pg_attribute a on a.attrelid = u.typrelid and a.attnum > 0 and not a.attisdropped
            where u.typtype = 'c' and u.oid in (select r.typ from reach r where r.relid = t.oid)
            group by u.oid
        ) y), '{}'),
    'publications', coalesce((
        select pg_catalog.jsonb_agg(p.pubname order by p.pubname)
        from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid
        where r.prrelid = t.oid), '[]'),
    'refusals', coalesce((select pg_catalog.jsonb_agg(r.text order by r.place) from reason r where r.relid = t.oid), '[]')
    ) as description
from target t
join pg_catalog.pg_namespace n on n.oid = t.relnamespace
join virtual v on v.relid = t.oid
order by t.oid
