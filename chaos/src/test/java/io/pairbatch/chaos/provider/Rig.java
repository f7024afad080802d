package io.pairbatch.chaos.provider;

import io.pairbatch.backend.Backend;
import io.pairbatch.pairs.Pair;
import io.pairbatch.provider.Answer;
import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchProvider.NewBatch;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.Reading;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.RequestWriter;
import io.pairbatch.provider.anthropic.AnthropicOptions;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.provider.http.Network;
import io.pairbatch.provider.openai.OpenAiService;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.split.StandardRules;
import io.pairbatch.store.JsonLine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One provider with its real client.
final class Rig {

    static final String KEY = "sk-ours";
    static final String TOKEN = "0123abcd";
    static final Duration TIMEOUT = Duration.ofSeconds(30);

    final VirtualClock clock = new VirtualClock();
    final Provider provider;
    final BatchProvider client;
    final ProviderFormat format;
    final JobSpec spec;
    private final Map<Operation, Deque<Fault>> faults = new EnumMap<>(Operation.class);
    private Courses courses = Courses.USUAL;

    Rig(Backend backend) {
        this(backend, new Judge(7), Limits.USUAL, 3);
    }

    /// @param attempts for each safe call
    Rig(Backend backend, Judge judge, Limits limits, int attempts) {
        Setup setup = Setup.of(URI.create(base(backend)), 1, clock)
                .with(judge)
                .with(limits)
                .with((Faults) call -> faults(call.operation()).isEmpty()
                        ? Fault.NONE
                        : faults(call.operation()).removeFirst())
                .with((Courses) (model, requests, dice) -> courses.course(model, requests, dice));
        provider = provider(backend, setup);
        provider.keys().allow(KEY, "project");
        spec = spec(backend);
        format = Providers.format(backend);
        client = client(KEY, attempts);
    }

    /// A provider of its kind.
    static Provider provider(Backend backend, Setup setup) {
        return switch (backend) {
            case OPENAI -> new OpenAiProvider(setup);
            case ANTHROPIC -> new AnthropicProvider(setup);
            case GEMINI -> new GeminiProvider(setup);
        };
    }

    private static String base(Backend backend) {
        return switch (backend) {
            case OPENAI -> "https://api.openai.com/v1";
            case ANTHROPIC -> "https://api.anthropic.com";
            case GEMINI -> "https://generativelanguage.googleapis.com";
        };
    }

    private static JobSpec spec(Backend backend) {
        String model = switch (backend) {
            case OPENAI -> "gpt-4.1-mini";
            case ANTHROPIC -> "claude-haiku-4-5";
            case GEMINI -> "gemini-2.5-flash";
        };
        String json = """
                {"backend": "%s", "model": "%s", "trait_name": "T", "trait_description": "D",
                 "prompt_template": "{TRAIT_NAME} {TRAIT_DESCRIPTION} {SAMPLE_1} \\"und\\" {SAMPLE_2}"}
                """.formatted(backend.code(), model);
        try {
            return StandardRules.reader()
                    .read(
                            List.of(SpecLayer.parse(
                                    "j", new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)))),
                            name -> Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A client with another key.
    BatchProvider client(String key, int attempts) {
        // The seed makes the pauses of repeated calls the same in each run.
        Network network = new Network(provider, clock::sleep, new Random(1));
        URI base = provider.setup().baseUrl();
        return switch (spec.backend()) {
            case OPENAI ->
                new io.pairbatch.provider.openai.OpenAiClient(
                        OpenAiService.of(OpenAiService.OPENAI), base, key, attempts, network);
            case ANTHROPIC ->
                new io.pairbatch.provider.anthropic.AnthropicClient(
                        base, key, ((AnthropicOptions) spec.options()).anthropicVersion(), attempts, network);
            case GEMINI -> new io.pairbatch.provider.gemini.GeminiClient(base, key, attempts, "v1beta", network);
        };
    }

    private Deque<Fault> faults(Operation operation) {
        return faults.computeIfAbsent(operation, key -> new ArrayDeque<>());
    }

    /// What goes wrong with the next requests of a kind.
    Rig fault(Operation operation, Fault... next) {
        faults(operation).addAll(List.of(next));
        return this;
    }

    /// The future of every batch from now on.
    Rig course(Course course) {
        courses = (model, requests, dice) -> course;
        return this;
    }

    /// The requests of pairs, as in the job's file.
    byte[] lines(int from, int to) {
        RequestWriter writer = format.requests(spec, TOKEN);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonLine line = new JsonLine(10_000);
        for (int row = from; row <= to; row++) {
            writer.write(line, new Pair(row, "A", "B", "ein Käse " + row, "zwei\n" + row, new LinkedHashMap<>()));
            out.writeBytes(line.toBytes());
        }
        return out.toByteArray();
    }

    String upload(byte[] lines) throws RefusedException {
        return client.takesFiles()
                ? client.upload("segment.jsonl", lines.length, () -> new ByteArrayInputStream(lines))
                : "";
    }

    CreateOutcome create(String fileId, byte[] lines, String token) {
        return client.create(newBatch(fileId, lines, token), TIMEOUT);
    }

    private NewBatch newBatch(String fileId, byte[] lines, String token) {
        int requests = 0;
        for (byte b : lines) {
            requests += b == '\n' ? 1 : 0;
        }
        return new NewBatch(
                fileId,
                spec.model(),
                format.requests(spec, TOKEN).endpoint(),
                Map.of(BatchProvider.TOKEN, token, "pairbatch_segment", "1"),
                requests,
                lines.length,
                () -> new ByteArrayInputStream(lines));
    }

    /// Creates a batch of rows 1 to `rows`.
    String batch(int rows) throws RefusedException {
        byte[] lines = lines(1, rows);
        return ((CreateOutcome.Created) create(upload(lines), lines, "token-1")).batchId();
    }

    /// Waits until the batch has ended.
    BatchStatus ended(String batchId) throws RefusedException {
        BatchStatus status = client.retrieve(batchId);
        while (!status.state().terminal()) {
            clock.sleep(Duration.ofMinutes(1));
            status = client.retrieve(batchId);
        }
        return status;
    }

    /// All batches that the client gets in the list.
    List<BatchStatus> listed() throws RefusedException {
        List<BatchStatus> seen = new ArrayList<>();
        client.list(VirtualClock.START.minus(Duration.ofDays(1)), batch -> seen.add(batch));
        return seen;
    }

    /// The content of the batch's files, by request ID; unreadable lines by their number.
    Map<String, Answer> answers(BatchStatus status) throws RefusedException, IOException {
        Map<String, Answer> answers = new TreeMap<>();
        for (String file : new @Nullable String[] {status.outputFileId(), status.errorFileId()}) {
            if (file != null) {
                read(file, answers);
            }
        }
        return answers;
    }

    private void read(String file, Map<String, Answer> into) throws RefusedException, IOException {
        try (InputStream in = client.download(file)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                Reading reading = format.read(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)));
                if (reading instanceof Reading.Understood understood) {
                    Answer answer = understood.answer();
                    into.put(Objects.requireNonNull(answer.customId()), answer);
                }
            }
        }
    }

    /// The judge's winner for a row.
    String winner(int row) {
        for (Batch batch : provider.batches()) {
            for (Item item : batch.items()) {
                if (item.customId().equals(TOKEN + "-" + row)) {
                    return provider.setup().judge().judge(item.prompt(), 1).text();
                }
            }
        }
        throw new IllegalArgumentException("no row " + row);
    }
}
