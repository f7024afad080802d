package io.pairbatch.testing;

import io.pairbatch.provider.BatchState;
import io.pairbatch.provider.BatchStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a [FakeProvider] says of a batch.
public final class FakeBatch {

    public final String id;
    public final Map<String, String> metadata = new HashMap<>();
    public BatchState state = BatchState.RUNNING;
    public Instant createdAt;
    public long total = 1;
    public long completed;
    public long failed;
    public @Nullable String input;
    public @Nullable String output;
    /// The code of its error, whose message is `why`.
    public @Nullable String error;
    /// Whether the provider says that there is no such batch when it is asked for it, even if it lists it.
    public boolean denied;
    public boolean listed = true;

    FakeBatch(String id, Instant createdAt) {
        this.id = id;
        this.createdAt = createdAt;
    }

    public BatchStatus status() {
        String word = state == BatchState.RUNNING ? "in_progress" : state.name().toLowerCase(Locale.ROOT);
        String why = error == null ? null : "why";
        return new BatchStatus(
                id,
                state,
                word,
                total,
                completed,
                failed,
                input,
                output,
                null,
                error,
                why,
                createdAt,
                Map.copyOf(metadata));
    }
}
