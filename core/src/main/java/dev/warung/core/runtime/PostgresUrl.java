package dev.warung.core.runtime;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where a PostgreSQL database is and who logs in.
 *
 * <p>Two examples: {@code postgresql://ani:secret@db:5432/shop?sslmode=require} and {@code jdbc:postgresql://db/shop?user=ani} are
 * URLs, {@code db:5432/shop} is refused.
 *
 * @param parameters further properties of the JDBC driver, such as sslmode
 */
public record PostgresUrl(
        String host, int port, String database, String user, String password, Map<String, String> parameters) {

    private static final int DEFAULT_PORT = 5432;
    private static final String JDBC = "jdbc:";

    public PostgresUrl {
        parameters = Map.copyOf(parameters);
    }

    /** @throws IllegalArgumentException if the text is not a PostgreSQL URL with host and database */
    public static PostgresUrl parse(String text) {
        URI uri = URI.create(text.startsWith(JDBC) ? text.substring(JDBC.length()) : text);
        boolean scheme = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
        if (!scheme
                || uri.getHost() == null
                || uri.getPath() == null
                || uri.getPath().length() < 2) {
            throw new IllegalArgumentException("not postgresql://user:password@host:port/database");
        }
        Map<String, String> parameters = new TreeMap<>();
        if (uri.getRawQuery() != null) {
            for (String pair : uri.getRawQuery().split("&", -1)) {
                int equals = pair.indexOf('=');
                parameters.put(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        String[] login = (uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo()).split(":", 2);
        String user = parameters.remove("user");
        String password = parameters.remove("password");
        return new PostgresUrl(
                uri.getHost().startsWith("[") ? uri.getHost().replaceAll("[\\[\\]]", "") : uri.getHost(),
                uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                uri.getPath().substring(1),
                login[0].isEmpty() ? (user == null ? "" : user) : decode(login[0]),
                login.length > 1 ? decode(login[1]) : (password == null ? "" : password),
                parameters);
    }

    /** For the JDBC driver; user and password are not in it. */
    public String jdbc() {
        String query = parameters.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                .collect(Collectors.joining("&"));
        String address = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return JDBC + "postgresql://" + address + ":" + port + "/" + encode(database)
                + (query.isEmpty() ? "" : "?" + query);
    }

    public PostgresUrl withLogin(String otherUser, String otherPassword) {
        return new PostgresUrl(host, port, database, otherUser, otherPassword, parameters);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "postgresql://" + user + "@" + host + ":" + port + "/" + database;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
