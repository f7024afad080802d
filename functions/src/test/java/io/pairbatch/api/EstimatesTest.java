package io.pairbatch.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pairbatch.claim.SpecCheck;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.estimate.EstimateReport;
import io.pairbatch.estimate.TableEstimator;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.split.StandardRules;
import io.pairbatch.standins.MemoryBuckets;
import io.pairbatch.step.DeployedProviders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a job would cost, asked over HTTP.
class EstimatesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String SPEC = "\"spec\": {\"model\": \"gpt-4.1\", \"trait_name\": \"overall_quality\"}";
    private static final String TABLE = "ID1,text1,ID2,text2\na,x,b,y\nc,z,d,w\n";

    private final MemoryBuckets s3 = new MemoryBuckets(Clock.systemUTC(), "ours");
    private final Estimates estimates = estimates(s3, Clock.systemUTC());

    /// Those of the whole API.
    static Estimates estimates(MemoryBuckets s3, Clock clock) {
        return new Estimates(
                new SpecCheck(
                        s3,
                        "ours",
                        new StandardRules(Providers.itself()),
                        SpecLayer.empty("the stack's defaults"),
                        DeployedProviders.ALL),
                new InboxFiles(s3, "ours"),
                (spec, table, fingerprint, until) -> new TableEstimator(
                                table, fingerprint, Providers.itself(), PriceTable.bundled())
                        .report(spec, until)
                        .map(EstimateReport::toJson),
                clock);
    }

    private void put(String key, byte[] bytes) {
        s3.putObject(r -> r.bucket("ours").key(key), RequestBody.fromBytes(bytes));
    }

    private static ApiRequest request(String body) {
        return new ApiRequest("me", "POST", "/estimate", Map.of(), Map.of("content-type", "application/json"), body);
    }

    private static ApiRequest of(String source, String spec) {
        return request("{\"source\": \"s3://ours/" + source + "\", " + spec + "}");
    }

    private static ApiException refused(Estimates by, ApiRequest request, String code) {
        @Nullable ApiException[] thrown = new ApiException[1];
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> by.post(request))
                .satisfies(e -> thrown[0] = e)
                .extracting(ApiException::code)
                .isEqualTo(code);
        return thrown[0];
    }

    @Test
    void aTableIsEstimatedAndNothingIsWritten() throws IOException {
        put("tables/pairs.csv", TABLE.getBytes(StandardCharsets.UTF_8));
        ApiResponse answer = estimates.post(of("tables/pairs.csv", SPEC));
        assertThat(answer.status()).isEqualTo(200);
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.path("rows").intValue()).isEqualTo(2);
        assertThat(body.at("/judges/0/requests").intValue()).isEqualTo(2);
        assertThat(body.at("/judges/0/model").stringValue()).isEqualTo("gpt-4.1");
        assertThat(body.at("/judges/0/usd/batch/expected").isNull()).isTrue();
        assertThat(body.at("/total/usd/batch/input").stringValue()).startsWith("0.000");
        assertThat(body.at("/total/wall_time_seconds/to").intValue()).isEqualTo(2 * 24 * 3600);
        assertThat(s3.objects("ours", "")).hasSize(1);
    }

    @Test
    void samplesAreEstimatedAsTheirDesignComparesThem() throws IOException {
        put("inbox/x/samples.csv", "ID,text\na,x\nb,y\nc,z\n".getBytes(StandardCharsets.UTF_8));
        String spec = SPEC.replace("}", ", \"pairing\": {\"design\": \"all\"}, \"both_orders\": true}");
        JsonNode body =
                JSON.readTree(estimates.post(of("inbox/x/samples.csv", spec)).body());
        assertThat(body.path("design").stringValue()).startsWith("3 samples, all: 3 comparisons");
        assertThat(body.at("/total/requests").intValue()).isEqualTo(6);
    }

    @Test
    void whatIsNoTableOfOursIsRefused() {
        put("tables/pairs.csv", TABLE.getBytes(StandardCharsets.UTF_8));
        refused(estimates, request("{" + SPEC + "}"), "API_FIELD_INVALID");
        refused(estimates, of("tables/other.csv", SPEC), "API_SOURCE_NOT_FOUND");
        refused(estimates, of("jobs/a/pairs.csv", SPEC), "API_SOURCE_NOT_ALLOWED");
        refused(
                estimates,
                request("{\"source\": \"s3://theirs/tables/pairs.csv\", " + SPEC + "}"),
                "API_SOURCE_NOT_ALLOWED");
        refused(estimates, of("tables/pairs.csv", "\"spec\": {\"model\": \"gpt-4.1\"}"), "SPEC_MISSING_FIELD");
    }

    @Test
    void aTableThatWouldBeRejectedIsToldWithItsCode() {
        put("tables/pairs.csv", "ID1,text1\na,x\n".getBytes(StandardCharsets.UTF_8));
        assertThatExceptionOfType(JobRejectedException.class)
                .isThrownBy(() -> estimates.post(of("tables/pairs.csv", SPEC)))
                .satisfies(
                        e -> assertThat(e.problems().getFirst().code().code()).isEqualTo("INPUT_COLUMNS"));
    }

    /// The command is named, which has the time.
    @Test
    void aTableThatIsTooLargeForARequestIsRefused() {
        put("tables/large.csv", new byte[(32 << 20) + 1]);
        put("tables/large.csv.gz", new byte[(8 << 20) + 1]);
        ApiException large = refused(estimates, of("tables/large.csv", SPEC), "API_ESTIMATE_TOO_LARGE");
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.remedy()).contains("./pairbatch estimate FILE");
        refused(estimates, of("tables/large.csv.gz", SPEC), "API_ESTIMATE_TOO_LARGE");
    }

    /// Each look at the clock is a second later: neither many rows nor what a small file unpacks to takes longer.
    @Test
    void readingThatTakesTooLongEnds() throws IOException {
        Instant[] now = {Instant.EPOCH};
        InstantSource ticking = () -> now[0] = now[0].plus(Duration.ofSeconds(1));
        Estimates slow = estimates(s3, ticking.withZone(ZoneOffset.UTC));
        StringBuilder table = new StringBuilder("ID1,text1,ID2,text2\n");
        for (int i = 0; i < 300_000; i++) {
            table.append(i).append(",x,b").append(i).append(",y\n");
        }
        byte[] plain = table.toString().getBytes(StandardCharsets.UTF_8);
        put("tables/long.csv", plain);
        refused(slow, of("tables/long.csv", SPEC), "API_ESTIMATE_TOO_LARGE");
        ByteArrayOutputStream gz = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gz)) {
            out.write(plain);
        }
        put("tables/long.csv.gz", gz.toByteArray());
        refused(slow, of("tables/long.csv.gz", SPEC), "API_ESTIMATE_TOO_LARGE");
    }
}
