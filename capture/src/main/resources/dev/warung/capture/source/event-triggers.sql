-- Needs a superuser.
drop event trigger if exists warung_command;
--;
create event trigger warung_command on ddl_command_end
when tag in ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE', 'CREATE SCHEMA', 'ALTER SCHEMA', 'CREATE INDEX', 'ALTER INDEX',
    'ALTER TYPE', 'ALTER DOMAIN', 'ALTER EXTENSION')
execute function warung.on_command();
--;
alter event trigger warung_command enable always;
--;
drop event trigger if exists warung_drop;
--;
create event trigger warung_drop on sql_drop execute function warung.on_command();
--;
alter event trigger warung_drop enable always;
--;
drop event trigger if exists warung_rewrite;
--;
create event trigger warung_rewrite on table_rewrite execute function warung.on_command();
--;
alter event trigger warung_rewrite enable always;
