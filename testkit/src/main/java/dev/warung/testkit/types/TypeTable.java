package dev.warung.testkit.types;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * A table with a column of each supported type and rows with the values at their edges.
 *
 * <p>Row {@code n} has the n-th value of each column, or its last where it has fewer; a last row has NULL everywhere.
 */
public final class TypeTable {

    /** Types that the columns need, created once in a database. */
    public static final List<String> PRELUDE = List.of(
            "CREATE TYPE rasa AS ENUM ('manis', 'asin ''sekali''', 'pedas,', '統')",
            "CREATE DOMAIN selera AS rasa",
            "CREATE DOMAIN selera_kuat AS selera CHECK (value::rasa > 'manis')",
            "CREATE TYPE hampa AS ENUM ()",
            "CREATE DOMAIN hampa_benar AS hampa",
            "CREATE TYPE alamat AS (jalan text, nomor int, kota varchar(20))",
            "CREATE DOMAIN harga_positif AS numeric(12,2) CHECK (value >= 0)",
            "CREATE DOMAIN harga_bulat AS harga_positif CHECK (value = trunc(value))",
            "CREATE DOMAIN bendera AS boolean",
            "CREATE DOMAIN nomor AS int",
            "CREATE DOMAIN daftar AS int[]",
            "CREATE TYPE rentang_rasa AS RANGE (subtype = float8)");

    private static final List<Type> TYPES = List.of(
            type("smallint", "0", "-32768", "32767"),
            type("integer", "0", "-2147483648", "2147483647"),
            type("bigint", "0", "-9223372036854775808", "9223372036854775807", "9007199254740993"),
            type(
                    "numeric",
                    "0",
                    "-0.00",
                    "1.10",
                    "1.1",
                    "'NaN'",
                    "'Infinity'",
                    "'-Infinity'",
                    "1e-40",
                    "12345678901234567890123456789.0123456789"),
            type("numeric(12,2)", "0", "1.1", "-9999999999.99"),
            type("real", "0", "'-0'", "'NaN'", "'Infinity'", "'-Infinity'", "1e-45", "3.4028235e38", "0.1", "16777217"),
            type(
                    "double precision",
                    "0",
                    "'-0'",
                    "'NaN'",
                    "'Infinity'",
                    "'-Infinity'",
                    "5e-324",
                    "1.7976931348623157e308",
                    "0.1",
                    "1e22",
                    "123456789.125"),
            type("money", "0", "-92233720368547758.08", "1234567.89"),
            type("boolean", "true", "false"),
            type(
                    "text",
                    "''",
                    "'NULL'",
                    "E'\\\\N'",
                    "E'tab\\there\\nbaris\\r\\\\'",
                    "'\"kutip\" ''satu'''",
                    "'😀 統 é'",
                    "repeat('panjang ', 1000)"),
            type("varchar(40)", "''", "'  spasi  '", "'Ä'"),
            type("char(5)", "''", "'ab'", "'abcde'"),
            type("\"char\"", "'x'", "''"),
            type("name", "'nama'", "''"),
            type("bytea", "''", "'\\x00'", "'\\xdeadbeef00ff'", "decode(repeat('00ff', 4000), 'hex')"),
            type(
                    "date",
                    "'2026-11-21'",
                    "'infinity'",
                    "'-infinity'",
                    "'4713-01-01 BC'",
                    "'0001-01-01'",
                    "'5874897-12-31'"),
            type("time", "'00:00'", "'24:00'", "'23:59:59.999999'"),
            type("time(0)", "'12:34:56.7'"),
            type("timetz", "'00:00+15:59'", "'24:00-15:59'", "'12:34:56.789+07'"),
            type(
                    "timestamp",
                    "'2026-11-21 09:54:00'",
                    "'infinity'",
                    "'-infinity'",
                    "'4713-01-01 00:00:00 BC'",
                    "'294276-12-31 23:59:59.999999'",
                    "'0044-03-15 BC'"),
            type("timestamp(3)", "'2026-11-21 09:54:00.123456'"),
            type(
                    "timestamptz",
                    "'2026-11-21 09:54:00+07'",
                    "'infinity'",
                    "'-infinity'",
                    "'0044-03-15 BC'",
                    "'294276-12-31 23:59:59.999999+00'",
                    "'1969-12-31 23:59:59.999999Z'"),
            type(
                    "interval",
                    "'0'",
                    "'1 mon 2 days -3:04:05.6'",
                    "'-178000000 years'",
                    "'1 day -00:00:00.000001'",
                    "'infinity'"),
            type("interval day to second", "'1 day 2:03:04.5'"),
            type("uuid", "'00000000-0000-0000-0000-000000000000'", "'FFFFFFFF-ffff-ffff-ffff-ffffffffffff'"),
            type("json", "'{\"a\" : 1, \"a\": 1e400, \"b\": [ ] }'", "'null'", "'\"\\u0041\"'"),
            type("jsonb", "'{\"a\" : 1, \"b\": 1e400, \"c\": 12345678901234567890.10}'", "'null'", "'[]'"),
            type("jsonpath", "'$.a[*] ? (@ > 1)'"),
            type("xml", "'<a>b</a>'", "''"),
            type("inet", "'10.0.0.1'", "'::1/64'", "'192.168.1.0/24'"),
            type("cidr", "'10.0.0.0/8'", "'::/0'"),
            type("macaddr", "'08:00:2b:01:02:03'"),
            type("macaddr8", "'08:00:2b:01:02:03:04:05'"),
            type("bit(5)", "B'00101'", "B'00000'"),
            type("bit varying", "B''", "B'00101'"),
            type("bit varying(8)", "B'1'"),
            type("point", "'(1.5,-0)'", "'(NaN,Infinity)'"),
            type("line", "'{1,2,3}'"),
            type("lseg", "'[(0,0),(1,1)]'"),
            type("box", "'((1,1),(0,0))'"),
            type("path", "'((0,0),(1,1))'", "'[(0,0),(1,1)]'"),
            type("polygon", "'((0,0),(1,1),(2,0))'"),
            type("circle", "'<(0,0),1.5>'"),
            type("tsvector", "'a fat cat'", "''", "'''it''s'':3A b:1,2'"),
            type("tsquery", "'fat & (rat | !cat)'", "''"),
            type("pg_lsn", "'0/0'", "'FFFFFFFF/FFFFFFFF'"),
            type("oid", "0", "4294967295"),
            type("xid", "'0'", "'4294967295'"),
            type("xid8", "'0'", "'18446744073709551615'"),
            type("cid", "'7'"),
            type("tid", "'(0,1)'", "'(4294967295,65535)'"),
            type("regclass", "'pg_class'", "'pg_catalog.pg_type'"),
            type("regtype", "'integer'"),
            type("pg_snapshot", "'10:20:10,14,15'"),
            type("int4range", "'empty'", "'[1,10)'", "'(,)'"),
            type("int8range", "'[1,)'"),
            type("numrange", "'[1.10,2.200]'", "'(,0)'"),
            type("daterange", "'[2026-01-01,infinity)'"),
            type("tsrange", "'[2026-01-01 00:00,2026-01-02 00:00)'"),
            type("tstzrange", "'[2026-01-01 00:00+07,)'"),
            type("int4multirange", "'{}'", "'{[1,3),[5,7)}'"),
            type("tstzmultirange", "'{[2026-01-01,2026-01-02)}'"),
            type("rentang_rasa", "'[0.1,0.2)'"),
            type("rasa", "'manis'", "'asin ''sekali'''", "'pedas,'", "'統'"),
            type("selera", "'manis'", "'pedas,'", "'統'"),
            type("selera_kuat", "'asin ''sekali'''", "'pedas,'"),
            type("hampa", "NULL"),
            type("hampa_benar", "NULL"),
            type("alamat", "'(\"Jl. \"\"Mawar\"\"\",7,)'", "'(,,)'"),
            type("harga_positif", "1.1", "0"),
            type("harga_bulat", "12.00"),
            type("bendera", "true", "false"),
            type("nomor", "-7"),
            type("daftar", "'{1,2}'", "'{}'"),
            type("integer[]", "'{}'", "'{1,NULL,3}'", "'{{1,2},{3,4}}'", "'[0:1]={7,8}'"),
            type("bigint[]", "'{-9223372036854775808}'"),
            type("text[]", "'{}'", "'{\"\",NULL,\"NULL\",\"a,b\",\"\\\"q\\\\\"}'"),
            type("numeric[]", "'{1.10,NaN}'", "'{}'"),
            type("double precision[]", "'{-0,NaN,Infinity,0.1}'"),
            type("boolean[]", "'{t,f,NULL}'"),
            type("bytea[]", "'{\"\\\\x00ff\",\"\"}'"),
            type("date[]", "'{infinity,4713-01-01 BC}'"),
            type("timestamptz[]", "'{\"2026-11-21 09:54:00+07\",-infinity}'"),
            type("interval[]", "'{\"1 mon -1 days\"}'"),
            type("uuid[]", "'{00000000-0000-0000-0000-000000000001}'"),
            type("jsonb[]", "array['{\"a\": [1, 2]}'::jsonb]"),
            type("money[]", "'{1.50,-2}'"),
            type("inet[]", "'{10.0.0.1,::1}'"),
            type("bit(3)[]", "'{101,000}'"),
            type("bit varying[]", "'{1,\"\"}'"),
            type("xml[]", "'{<a/>}'"),
            type("point[]", "'{\"(1,2)\",\"(3,4)\"}'"),
            type("name[]", "'{satu,dua}'"),
            type("rasa[]", "'{manis,\"pedas,\"}'"),
            type("selera[]", "'{}'", "'{manis,NULL,\"pedas,\"}'"),
            type("selera_kuat[]", "'{統}'"),
            type("hampa[]", "'{}'", "'{NULL}'"),
            type("alamat[]", "array['(a,1,b)'::alamat, null]"),
            type("harga_positif[]", "'{1.10,2.00}'"),
            type("int4range[]", "'{\"[1,2)\",empty}'"),
            type("varchar(10)[]", "'{a,\" b \"}'"),
            type("char(3)[]", "'{a,abc}'"),
            type("time[]", "'{24:00}'"),
            type("timetz[]", "'{24:00+02}'"));

    private record Type(String name, List<String> values) {}

    private TypeTable() {}

    private static Type type(String name, String... values) {
        return new Type(name, List.of(values));
    }

    /** How many columns, besides the key. */
    public static int columns() {
        return TYPES.size();
    }

    /** Names of the columns, besides the key {@code id}. */
    public static List<String> columnNames() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < TYPES.size(); i++) {
            names.add("k" + i);
        }
        return names;
    }

    /** The type of a column. */
    public static String typeOf(int column) {
        return TYPES.get(column).name();
    }

    /** CREATE TABLE for a table of this name; every column has a default, which a NULL must not turn into. */
    public static String create(String table) {
        StringJoiner columns =
                new StringJoiner(",\n  ", "CREATE TABLE " + table + " (\n  id int PRIMARY KEY,\n  ", ")");
        for (int i = 0; i < TYPES.size(); i++) {
            Type type = TYPES.get(i);
            columns.add("k" + i + " " + type.name() + " DEFAULT "
                    + cast(type.values().get(0), type));
        }
        return columns.toString();
    }

    /** The rows, as INSERT statements. */
    public static List<String> inserts(String table) {
        int rows = TYPES.stream().mapToInt(t -> t.values().size()).max().orElse(0);
        List<String> inserts = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            StringJoiner values = new StringJoiner(", ", "INSERT INTO " + table + " VALUES (" + row + ", ", ")");
            for (Type type : TYPES) {
                String value = type.values().get(Math.min(row, type.values().size() - 1));
                values.add(cast(value, type));
            }
            inserts.add(values.toString());
        }
        inserts.add("INSERT INTO " + table + " (id) VALUES (-1)");
        StringJoiner nulls = new StringJoiner(", ", "INSERT INTO " + table + " VALUES (-2, ", ")");
        TYPES.forEach(t -> nulls.add("NULL"));
        inserts.add(nulls.toString());
        return inserts;
    }

    private static String cast(String value, Type type) {
        return "CAST(" + value + " AS " + type.name() + ")";
    }
}
