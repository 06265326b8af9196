package dev.warung.outlet.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.warung.core.upload.Decision;
import dev.warung.core.upload.UploadGroup;
import dev.warung.core.upload.UploadOp;
import dev.warung.core.upload.WritableTable;
import dev.warung.outlet.api.LocalApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Applications that do not open the file write over HTTP, and see what has become of it. */
class AppWritesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger triggers = new AtomicInteger();
    private WritesFixture outlet;
    private HttpServer server;

    @BeforeEach
    void start() throws SQLException, IOException {
        Path file = directory.resolve("outlet.db");
        outlet = WritesFixture.create(file);
        outlet.hold(0, "kopi", "Kopi", 10L, "5000.00");
        outlet.commit();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                LocalApi.ROOT,
                new LocalApi(
                        "kunci",
                        () -> JSON.createObjectNode().put("code", "toko-1"),
                        triggers::incrementAndGet,
                        new WritesView(file),
                        new AppWrites(file)));
        server.start();
    }

    @AfterEach
    void stop() throws SQLException {
        server.stop(0);
        outlet.close();
    }

    @Test
    void whatWasWrittenWhileNobodyLookedKeepsItsTimes() {
        outlet.app(
                "UPDATE stok SET nama = 'pagi' WHERE kode = 'kopi'",
                "UPDATE _warung_journal SET at_ms = at_ms - 3600000",
                "INSERT INTO stok VALUES ('teh', 'siang', 1, NULL)");
        outlet.capture();

        List<UploadGroup> groups = outlet.send();
        assertThat(groups).hasSize(2);
        assertThat(groups.get(1).atUs() - groups.get(0).atUs()).isGreaterThanOrEqualTo(3_600_000_000L);
    }

    @Test
    void rowsAreAddedChangedAndDeletedAndBecomeOps() throws Exception {
        JsonNode added = call(201, "POST", "tables/transaksi", "{\"catatan\":\"jual\"}");
        assertThat(added.at("/data/id").longValue()).isGreaterThan(WritableTable.LOCAL_IDS_FROM);
        long id = added.at("/data/id").longValue();
        call(201, "POST", "tables/item", "{\"transaksi_id\":" + id + ",\"nomor\":1,\"kode\":\"kopi\"}");
        JsonNode changed = call(200, "PUT", "tables/item/" + id + ",1", "{\"kode\":\"teh\"}");
        assertThat(changed.at("/data/kode").asText()).isEqualTo("teh");
        call(200, "DELETE", "tables/stok/kopi", "");
        call(201, "POST", "tables/nilai", "{\"id\":1,\"pecahan\":0.5,\"data\":\"\\\\x00ff\",\"benar\":true}");

        assertThat(outlet.capture())
                .extracting(op -> op.table().name() + " " + op.kind())
                .containsExactly("transaksi INSERT", "item INSERT", "item UPDATE", "stok DELETE", "nilai INSERT");
        JsonNode queue = call(200, "GET", "sync/queue?limit=2&offset=1", "");
        assertThat(queue.at("/data")).hasSize(2);
        assertThat(queue.at("/data/0/status").asText()).isEqualTo("pending");
        assertThat(call(200, "GET", "sync/queue?table=public.stok", "").at("/data"))
                .hasSize(1);
        assertThat(call(200, "GET", "sync/status", "").at("/data/pending").intValue())
                .isEqualTo(5);
    }

    @Test
    void aRefusedWriteIsSeenAndDoneOnceMore() throws Exception {
        call(200, "PUT", "tables/stok/kopi", "{\"jumlah\":8}");
        UploadOp op = outlet.capture().get(0);
        outlet.send();
        outlet.hold(4, op.id().toString(), "public.stok", "failed", "RULE", "Stok tidak cukup");
        outlet.hold(0, "kopi", "Kopi", 20L, "5000.00");
        outlet.commit();
        outlet.settle();

        JsonNode failed = call(200, "GET", "sync/failed", "");
        assertThat(failed.at("/data/0/reason").asText()).isEqualTo("Stok tidak cukup");
        call(200, "POST", "sync/retry/" + op.id(), "");
        assertThat(outlet.query("SELECT jumlah FROM stok")).containsExactly(List.of(18L));
        assertThat(outlet.capture()).hasSize(1);
        assertThat(call(404, "POST", "sync/retry/" + op.id(), "")
                        .at("/error/code")
                        .asText())
                .isEqualTo("NOT_FAILED");
    }

    @Test
    void aDecisionIsSentAsAWriteAndEndsTheConflict() throws Exception {
        call(200, "PUT", "tables/stok/kopi", "{\"nama\":\"Kopi hitam\"}");
        UploadOp op = outlet.capture().get(0);
        outlet.send();
        UUID conflict = UUID.randomUUID();
        outlet.answer(op, "conflict");
        outlet.hold(WritesFixture.CONFLICTS_NUMBER, conflict.toString(), op.id().toString(), "open", "2026-11-22");
        outlet.commit();
        outlet.settle();
        assertThat(call(200, "GET", "sync/status", "").at("/data/conflict").intValue())
                .isEqualTo(1);

        call(400, "POST", "sync/resolve/" + conflict, "{}");
        call(400, "POST", "sync/resolve/" + conflict, "{\"resolution\":\"merged\"}");
        call(404, "POST", "sync/resolve/" + UUID.randomUUID(), "{\"resolution\":\"client_wins\"}");
        JsonNode noted = call(200, "POST", "sync/resolve/" + op.id(), "{\"values\":{\"nama\":\"Kopi tubruk\"}}");
        assertThat(noted.at("/data/conflict").asText()).isEqualTo(conflict.toString());
        call(409, "POST", "sync/resolve/" + conflict, "{\"resolution\":\"client_wins\"}");

        UploadOp sent = outlet.send().get(0).ops().get(0);
        assertThat(Decision.of(sent))
                .isEqualTo(
                        new Decision(conflict, Decision.Resolution.MERGED, Optional.of("{\"nama\":\"Kopi tubruk\"}")));
        outlet.answer(sent, "applied");
        outlet.answer(op, "merged");
        outlet.hold(WritesFixture.CONFLICTS_NUMBER, conflict.toString(), op.id().toString(), "resolved", "2026-11-22");
        outlet.hold(0, "kopi", "Kopi tubruk", 10L, "5000.00");
        outlet.commit();
        outlet.settle();
        outlet.outbox().revise();

        assertThat(outlet.query("SELECT status, result FROM _warung_writes"))
                .containsExactly(List.of("synced", "merged"), List.of("synced", "applied"));
        assertThat(outlet.query("SELECT nama FROM stok")).containsExactly(List.of("Kopi tubruk"));
        assertThat(outlet.open()).isEmpty();
    }

    @Test
    void whatCannotBeDoneSaysWhyAndWhatToDo() throws Exception {
        Map.of(
                        "tables/tidakada", 404,
                        "tables/warung.ledger", 403,
                        "tables/stok", 409,
                        "tables/nilai", 400)
                .forEach((path, status) -> {
                    JsonNode error = call(
                            status, "POST", path, path.endsWith("nilai") ? "{\"id\":\"x\"}" : "{\"kode\":\"kopi\"}");
                    assertThat(error.at("/success").booleanValue()).isFalse();
                    assertThat(error.at("/error/remedy").asText()).isNotEmpty();
                });
        assertThat(call(404, "DELETE", "tables/stok/teh", "").at("/error/code").asText())
                .isEqualTo("NO_SUCH_ROW");
        call(400, "PUT", "tables/stok/kopi", "{\"kode\":\"teh\"}");
        call(400, "PUT", "tables/stok/kopi", "[]");
        call(400, "GET", "sync/queue?limit=0", "");
        call(405, "GET", "sync/trigger", "");
        call(404, "GET", "sync/apa", "");
        assertThat(outlet.capture()).isEmpty();
    }

    @Test
    void onlyThoseWhoKnowTheKeyMayAsk() throws Exception {
        assertThat(send("GET", "sync/status", "", "salah").statusCode()).isEqualTo(401);
        assertThat(send("GET", "openapi.json", "", "salah").body()).contains("/api/v1/sync/status");
        call(200, "POST", "sync/trigger", "");
        assertThat(triggers).hasValue(1);
        call(200, "GET", "sync/logs", "");
        call(200, "GET", "sync/conflicts", "");
        assertThatThrownBy(() -> new WritesView.Page(2000, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private JsonNode call(int status, String method, String path, String body) {
        try {
            HttpResponse<String> response = send(method, path, body, "kunci");
            assertThat(response.statusCode())
                    .as(method + " " + path + " " + response.body())
                    .isEqualTo(status);
            return JSON.readTree(response.body());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> send(String method, String path, String body, String key)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + LocalApi.ROOT + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + key)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
