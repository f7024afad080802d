package io.pairbatch.testing;

import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.CreateOutcome;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.provider.RefusedException.Kind;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// A provider in memory. It numbers what it makes, `file_1` and `batch_1`, and denies what it does not have. Nothing
/// happens to a batch by itself: tests change what is here.
public final class FakeProvider implements BatchProvider {

    /// The content of each file; that of an upload is not read.
    public final Map<String, String> files = new HashMap<>();
    /// The batches by ID, oldest first.
    public final Map<String, FakeBatch> batches = new LinkedHashMap<>();
    /// All calls in order, such as `retrieve batch_1` and `list`; a create is called by its segment, `create 1`.
    public final List<String> calls = new ArrayList<>();
    /// What calls fail with, each named as in [#calls], or without what it is about: `retrieve`.
    public final Map<String, Exception> failing = new HashMap<>();
    /// How long calls take, by their first word.
    public final Map<String, Duration> takes = new HashMap<>();
    /// The segments whose next create never arrives.
    public final Set<Integer> lostRequests = new HashSet<>();
    /// The segments whose next create makes a batch, and gets no response.
    public final Set<Integer> lostAnswers = new HashSet<>();

    public boolean takesFiles = true;
    public boolean keepsMetadata = true;
    public boolean refusesAfterCreate;
    public Evidence evidence = Evidence.TOKEN;

    private final SettableClock clock;
    private int uploads;
    private int creates;

    /// @param clock advanced by what calls take
    public FakeProvider(SettableClock clock) {
        this.clock = clock;
    }

    /// Adds a batch that runs, without a create.
    public FakeBatch add(String id) {
        FakeBatch batch = new FakeBatch(id, clock.instant());
        if (batches.putIfAbsent(id, batch) != null) {
            throw new IllegalStateException("there is a batch " + id);
        }
        return batch;
    }

    public FakeBatch batch(String id) {
        return Objects.requireNonNull(batches.get(id), id);
    }

    /// The calls whose first word is `name`.
    public List<String> calls(String name) {
        return calls.stream()
                .filter(call -> call.equals(name) || call.startsWith(name + " "))
                .toList();
    }

    private void called(String name, String what) throws RefusedException {
        String call = (name + " " + what).strip();
        calls.add(call);
        clock.advance(takes.getOrDefault(name, Duration.ZERO));
        Exception failure = failing.containsKey(call) ? failing.get(call) : failing.get(name);
        switch (failure) {
            case null -> {}
            case RefusedException e -> throw e;
            case RuntimeException e -> throw e;
            default -> throw new IllegalStateException("no provider throws this", failure);
        }
    }

    @Override
    public boolean takesFiles() {
        return takesFiles;
    }

    @Override
    public Duration fileLife() {
        return Duration.ofDays(25);
    }

    @Override
    public boolean refusesAfterCreate() {
        return refusesAfterCreate;
    }

    @Override
    public Evidence evidence() {
        return evidence;
    }

    @Override
    public String upload(String fileName, long bytes, Body body) throws RefusedException {
        called("upload", fileName);
        if (!takesFiles) {
            throw new IllegalStateException("it takes no files");
        }
        String id = "file_" + ++uploads;
        files.put(id, "");
        return id;
    }

    @Override
    public CreateOutcome create(NewBatch asked, Duration timeout) {
        Integer segment =
                Integer.valueOf(Objects.requireNonNull(asked.metadata().get("pairbatch_segment")));
        try {
            called("create", segment.toString());
            if (takesFiles && !files.containsKey(asked.fileId())) {
                throw new RefusedException(Kind.NOT_FOUND, 400, null, "no such file");
            }
        } catch (RefusedException e) {
            return new CreateOutcome.Refused(e, Duration.ZERO);
        }
        if (lostRequests.remove(segment)) {
            return new CreateOutcome.InDoubt("lost");
        }
        FakeBatch batch = add("batch_" + ++creates);
        batch.total = asked.requests();
        batch.input = takesFiles ? asked.fileId() : null;
        batch.metadata.putAll(keepsMetadata ? asked.metadata() : Map.of());
        return lostAnswers.remove(segment) ? new CreateOutcome.InDoubt("lost") : new CreateOutcome.Created(batch.id);
    }

    @Override
    public BatchStatus retrieve(String batchId) throws RefusedException {
        called("retrieve", batchId);
        FakeBatch batch = batches.get(batchId);
        return batch == null || batch.denied ? BatchStatus.gone(batchId, "") : batch.status();
    }

    @Override
    public void list(Instant since, BatchVisitor visitor) throws RefusedException {
        called("list", "");
        for (FakeBatch batch : List.copyOf(batches.values()).reversed()) {
            if (batch.listed && !batch.createdAt.isBefore(since) && !visitor.visit(batch.status())) {
                return;
            }
        }
    }

    @Override
    public InputStream download(String fileId) throws RefusedException {
        called("download", fileId);
        String text = files.get(fileId);
        if (text == null) {
            throw new RefusedException(Kind.NOT_FOUND, 404, null, "no such file");
        }
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Removal deleteFile(String fileId) throws RefusedException {
        called("delete", fileId);
        return files.remove(fileId) == null ? Removal.GONE : Removal.DONE;
    }

    @Override
    public Removal deleteBatch(String batchId) throws RefusedException {
        called("delete", batchId);
        FakeBatch batch = batches.get(batchId);
        if (batch != null && !batch.state.terminal()) {
            return Removal.NOT_POSSIBLE;
        }
        return batches.remove(batchId) == null ? Removal.GONE : Removal.DONE;
    }

    @Override
    public Removal cancel(String batchId) throws RefusedException {
        called("cancel", batchId);
        return Removal.NOT_POSSIBLE;
    }
}
