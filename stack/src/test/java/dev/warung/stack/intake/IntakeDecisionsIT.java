package dev.warung.stack.intake;

import static dev.warung.stack.intake.Till.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.warung.core.runtime.PostgresUrl;
import dev.warung.core.upload.Decision;
import dev.warung.core.upload.Decision.Resolution;
import dev.warung.core.upload.RowImage;
import dev.warung.core.upload.Upload;
import dev.warung.core.upload.apply.OpStatus;
import dev.warung.core.upload.apply.Outcome;
import dev.warung.intake.api.ConflictsApi;
import dev.warung.intake.rows.ConflictDesk;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Conflicts that somebody decides: at the outlet, whose decision comes in an upload, and by programs over HTTP. */
@SuppressWarnings("NullAway.Init") // made before each test
class IntakeDecisionsIT {

    @RegisterExtension
    static final ShopFixture SHOP = new ShopFixture();

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Shop shop;
    private Till one;
    private Till two;

    @BeforeEach
    void clear() {
        shop = SHOP.empty();
        one = shop.till("toko-1", 1);
        two = shop.till("toko-2", 1);
    }

    @Test
    void whatAnOutletDecidesBecomesTheRowOnce() {
        RowImage base = open("satu");
        two.decide(new Decision(conflict(), Resolution.CLIENT_WINS, Optional.empty()));
        Upload upload = two.upload(Shop.NOW);

        assertThat(shop.apply(upload).count(OpStatus.APPLIED)).isEqualTo(1);
        shop.database().execute("update perkara set isi = 'sesudahnya'");
        assertThat(shop.apply(upload).repeated()).isEqualTo(1);

        assertThat(shop.query("select isi from perkara where id = '" + base.get("id") + "'"))
                .containsExactly("sesudahnya");
        assertThat(shop.query("select state, resolution, result ->> 'isi', resolved_by from warung.conflicts"))
                .containsExactly("resolved|client_wins|satu|outlet toko-2");
        assertThat(shop.query("select table_name, status from warung.ledger where outlet_code = 'toko-2' order by 1"))
                .containsExactly("public.perkara|applied", "warung.decisions|applied");
    }

    @Test
    void mergedRowHasTheGivenValues() {
        open("dua");
        two.decide(new Decision(conflict(), Resolution.MERGED, Optional.of("{\"isi\":\"bersama\"}")));

        assertThat(shop.apply(two.upload(Shop.NOW)).count(OpStatus.APPLIED)).isEqualTo(1);

        assertThat(shop.query("select isi from perkara")).containsExactly("bersama");
        assertThat(shop.query("select status from warung.ledger where table_name = 'public.perkara' order by 1"))
                .containsExactly("applied", "merged");
    }

    @Test
    void anOutletDecidesNothingThatIsNotItsOwn() {
        open("tiga");
        UUID conflict = conflict();
        String values = "{\"outlet_id\":2}";
        one.decide(new Decision(conflict, Resolution.SERVER_WINS, Optional.empty()));
        assertThat(shop.apply(one.upload(Shop.NOW)).count(OpStatus.FAILED)).isEqualTo(1);
        two.decide(new Decision(conflict, Resolution.MERGED, Optional.of(values)));
        two.decide(new Decision(UUID.randomUUID(), Resolution.SERVER_WINS, Optional.empty()));
        Outcome outcome = shop.apply(two.upload(Shop.NOW));
        assertThat(outcome.count(OpStatus.FAILED)).isEqualTo(2);
        two.decide(new Decision(conflict, Resolution.MERGED, Optional.of("{\"id\":\"" + UUID.randomUUID() + "\"}")));
        shop.apply(two.upload(Shop.NOW));
        two.decide(new Decision(conflict, Resolution.MERGED, Optional.of("salah")));
        shop.apply(two.upload(Shop.NOW));

        assertThat(shop.query("select reason_code from warung.ledger where status = 'failed' order by received_at, 1"))
                .containsExactlyInAnyOrder("unknown", "not_yours", "unknown", "unknown_column", "no_decision");
        assertThat(shop.query("select isi, outlet_id from perkara")).containsExactly("server|1");
        assertThat(shop.query("select state from warung.conflicts")).containsExactly("open");
    }

    @Test
    void programsListAndDecideThemOverHttp() throws Exception {
        open("empat");
        UUID conflict = conflict();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        PostgresUrl url = PostgresUrl.parse(shop.database().jdbcUrl());
        server.createContext(ConflictsApi.ROOT, new ConflictsApi("kunci", () -> ConflictDesk.open(url)));
        server.start();
        try {
            int port = server.getAddress().getPort();
            assertThat(call(port, "GET", "conflicts", "", "salah")
                            .path("error")
                            .path("code")
                            .asText())
                    .isEqualTo("UNAUTHORIZED");
            assertThat(call(port, "GET", "openapi.json", "", "").path("paths").has("/api/v1/conflicts/{id}/resolve"))
                    .isTrue();
            JsonNode list = call(port, "GET", "conflicts?table=public.perkara&outlet=toko-2&limit=5", "", "kunci");
            assertThat(list.at("/data/0/client/isi").asText()).isEqualTo("empat");
            assertThat(call(port, "GET", "conflicts?offset=1", "", "kunci").at("/data"))
                    .isEmpty();
            assertThat(call(port, "GET", "conflicts?limit=0", "", "kunci")
                            .at("/error/code")
                            .asText())
                    .isEqualTo("INVALID");
            String path = "conflicts/" + conflict;
            assertThat(call(port, "POST", path + "/resolve", "{}", "kunci")
                            .at("/error/code")
                            .asText())
                    .isEqualTo("INVALID");
            JsonNode resolved =
                    call(port, "POST", path + "/resolve", "{\"resolution\":\"client_wins\",\"by\":\"ani\"}", "kunci");
            assertThat(resolved.at("/data/resolved_by").asText()).isEqualTo("ani");
            assertThat(call(port, "GET", path, "", "kunci").at("/data/state").asText())
                    .isEqualTo("resolved");
            assertThat(call(port, "POST", path + "/resolve", "{\"values\":{\"isi\":\"x\"}}", "kunci")
                            .at("/error/code")
                            .asText())
                    .isEqualTo("RESOLVED");
            assertThat(call(port, "GET", "conflicts/" + UUID.randomUUID(), "", "kunci")
                            .at("/error/code")
                            .asText())
                    .isEqualTo("NO_SUCH_CONFLICT");
            assertThat(call(port, "GET", "conflicts?state=resolved", "", "kunci")
                            .at("/data"))
                    .hasSize(1);
        } finally {
            server.stop(0);
        }
        assertThat(shop.query("select isi from perkara")).containsExactly("empat");
    }

    /** A conflict of toko-2. */
    private RowImage open(String text) {
        RowImage base = row("id", UUID.randomUUID().toString(), "outlet_id", 1, "isi", "dasar");
        one.insert("perkara", base);
        shop.apply(one.upload(Shop.NOW));
        shop.database().execute("update perkara set isi = 'server'");
        two.update("perkara", base, base.with("isi", text));
        shop.apply(two.upload(Shop.NOW));
        return base;
    }

    private UUID conflict() {
        return UUID.fromString(shop.database().value("select id from warung.conflicts where state = 'open'"));
    }

    private static JsonNode call(int port, String method, String path, String body, String key) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + ConflictsApi.ROOT + path);
        HttpResponse<String> response = HTTP.send(
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + key)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return new ObjectMapper().readTree(response.body());
    }
}
