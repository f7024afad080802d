package io.pairbatch.provider.openai;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.BatchLimits;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.Keeping;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.http.Network;
import io.pairbatch.provider.http.ProviderHttp;
import io.pairbatch.spec.JobSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A service that speaks OpenAI's batch protocol, and what is different there: a record of the dated table
/// `services.json`. Which one it is belongs to the deployment, not to a job.
///
/// @param baseUrl where its API begins; null where each customer has an address of its own
/// @param path the path with which its API begins at an address of somebody's own
/// @param endpoints `responses`, `chat.completions`
/// @param methodAndUrl whether a request line says its method and path
/// @param modelInBody whether each request names the model
/// @param deleteBatch null where batches cannot be deleted
/// @param leastInterval the shortest time between two looks at a batch that it asks for
/// @param errorBody where the error stands in the body of a refusal
public record OpenAiService(
        String code,
        @Nullable URI baseUrl,
        String path,
        Auth auth,
        List<String> endpoints,
        boolean methodAndUrl,
        boolean modelInBody,
        BatchLimits limits,
        Upload upload,
        Create create,
        String retrieve,
        String content,
        String deleteFile,
        @Nullable String deleteBatch,
        String cancel,
        Listing listing,
        Duration leastInterval,
        JsonPointer errorBody,
        Fields fields,
        Map<String, BatchState> states)
        implements Service {

    /// OpenAI itself.
    public static final String OPENAI = "openai";

    /// A line of more than this exceeds every model's context many times over.
    private static final int LONGEST_LINE = 32 << 20;

    private static final Map<String, OpenAiService> ALL = table();

    /// The header that carries the key.
    record Auth(String header, String prefix) {}

    /// How a file is uploaded.
    ///
    /// @param fields form fields beside `purpose` and the file
    /// @param redirect whether the answer names another address that takes the bytes (Together), rather than taking
    /// them itself as a form
    /// @param life how long the file may safely be used
    record Upload(String path, String purpose, Map<String, String> fields, boolean redirect, Duration life) {}

    /// The body of a create.
    ///
    /// @param file the field that names the input file
    /// @param fileList whether that is a list
    /// @param fields what else every create says
    /// @param metadata whether a batch carries metadata
    /// @param model whether it names the model
    /// @param created where the batch stands in the answer
    record Create(
            String path,
            String file,
            boolean fileList,
            Map<String, JsonNode> fields,
            boolean metadata,
            boolean model,
            JsonPointer created) {}

    /// How batches are listed.
    ///
    /// @param page entries of a full page
    /// @param items where the entries stand in a page
    record Listing(String path, int page, Paging paging, JsonPointer items) {}

    /// What the next page is asked for by, in the parameter of this name.
    enum Paging {
        /// The last id, while `has_more`.
        AFTER,
        /// `paging.next_cursor`, while there is one.
        CURSOR,
        /// Its number from 0 on, while pages are full.
        PAGE,
        /// There is one page.
        NONE
    }

    /// Where the fields of a batch are.
    ///
    /// @param errors where the first error of the batch as a whole may stand
    record Fields(
            JsonPointer inputFile,
            JsonPointer outputFile,
            JsonPointer errorFile,
            JsonPointer total,
            JsonPointer completed,
            JsonPointer failed,
            List<JsonPointer> errors) {}

    /// The service with this code.
    public static Optional<OpenAiService> find(String code) {
        return Optional.ofNullable(ALL.get(code));
    }

    /// The service with this code.
    ///
    /// @throws IllegalArgumentException when there is none
    public static OpenAiService of(String code) {
        return find(code).orElseThrow(() -> new IllegalArgumentException("no service " + code));
    }

    /// The codes of all services.
    public static List<String> codes() {
        return ALL.keySet().stream().sorted().toList();
    }

    @Override
    public Backend backend() {
        return Backend.OPENAI;
    }

    @Override
    public ProviderFormat format() {
        return new OpenAiFormat(this);
    }

    /// As it is told with each upload and each create; a service that is told nothing keeps files as it likes.
    @Override
    public Keeping keeping() {
        Duration input = upload.fields().entrySet().stream()
                .filter(field -> field.getKey().matches("expires_after\\W+seconds\\W*"))
                .findFirst()
                .map(field -> Duration.ofSeconds(Long.parseLong(field.getValue())))
                .orElse(null);
        JsonNode output = create.fields().get("output_expires_after");
        return new Keeping(
                input,
                output == null
                        ? null
                        : Duration.ofSeconds(output.path("seconds").asLong()),
                null,
                false);
    }

    @Override
    public BatchProvider connect(JobSpec spec, URI baseUrl, String key, Network network) {
        return new OpenAiClient(this, baseUrl, key, spec.polling().openaiMaxRetries(), network);
    }

    boolean serves(boolean responses) {
        return endpoints.contains(responses ? "responses" : "chat.completions");
    }

    private static Map<String, OpenAiService> table() {
        try (InputStream in = OpenAiService.class.getResourceAsStream("services.json")) {
            JsonNode services = ProviderHttp.JSON
                    .readTree(Objects.requireNonNull(in, "services.json is in the package"))
                    .path("services");
            return services.valueStream()
                    .map(record ->
                            read(((ObjectNode) services.path(0)).deepCopy().setAll((ObjectNode) record)))
                    .collect(Collectors.toUnmodifiableMap(OpenAiService::code, service -> service));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static OpenAiService read(JsonNode json) {
        String baseUrl = json.required("base_url").asString(null);
        return new OpenAiService(
                json.required("code").stringValue(),
                baseUrl == null ? null : URI.create(baseUrl),
                text(json, "/base_path"),
                new Auth(text(json, "/auth/header"), text(json, "/auth/prefix")),
                texts(json.required("endpoints")),
                json.requiredAt("/line/method_and_url").booleanValue(),
                json.requiredAt("/line/model").booleanValue(),
                limits(json.required("limits")),
                upload(json.required("upload")),
                create(json.required("create")),
                text(json, "/retrieve"),
                text(json, "/content"),
                text(json, "/delete_file"),
                json.required("delete_batch").asString(null),
                text(json, "/cancel"),
                listing(json.required("list")),
                Duration.ofSeconds(json.required("least_interval_seconds").intValue()),
                pointer(json, "/error_body"),
                fields(json.required("batch")),
                states(json.required("states")));
    }

    /// One percent of the bytes is left free.
    private static BatchLimits limits(JsonNode json) {
        return new BatchLimits(
                json.required("requests").intValue(), json.required("bytes").longValue() / 100 * 99, LONGEST_LINE);
    }

    private static Upload upload(JsonNode json) {
        Map<String, String> fields = new HashMap<>();
        json.required("fields")
                .properties()
                .forEach(e -> fields.put(e.getKey(), e.getValue().stringValue()));
        return new Upload(
                text(json, "/path"),
                text(json, "/purpose"),
                Map.copyOf(fields),
                text(json, "/style").equals("redirect"),
                Duration.ofDays(json.required("days").intValue()));
    }

    private static Create create(JsonNode json) {
        Map<String, JsonNode> fields = new HashMap<>();
        json.required("fields").properties().forEach(e -> fields.put(e.getKey(), e.getValue()));
        return new Create(
                text(json, "/path"),
                text(json, "/file"),
                json.required("file_list").booleanValue(),
                Map.copyOf(fields),
                json.required("metadata").booleanValue(),
                json.required("model").booleanValue(),
                pointer(json, "/created"));
    }

    private static Listing listing(JsonNode json) {
        return new Listing(
                text(json, "/path"),
                json.required("page").intValue(),
                Paging.valueOf(text(json, "/paging").toUpperCase(Locale.ROOT)),
                pointer(json, "/items"));
    }

    private static Fields fields(JsonNode json) {
        return new Fields(
                pointer(json, "/input_file"),
                pointer(json, "/output_file"),
                pointer(json, "/error_file"),
                pointer(json, "/total"),
                pointer(json, "/completed"),
                pointer(json, "/failed"),
                json.required("errors")
                        .valueStream()
                        .map(path -> JsonPointer.compile(path.stringValue()))
                        .toList());
    }

    private static Map<String, BatchState> states(JsonNode json) {
        Map<String, BatchState> states = new HashMap<>();
        json.properties()
                .forEach(e ->
                        states.put(e.getKey(), BatchState.valueOf(e.getValue().stringValue())));
        return Map.copyOf(states);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.values().forEach(text -> texts.add(text.stringValue()));
        return List.copyOf(texts);
    }

    private static String text(JsonNode json, String path) {
        return json.requiredAt(path).stringValue();
    }

    private static JsonPointer pointer(JsonNode json, String path) {
        return JsonPointer.compile(text(json, path));
    }
}
