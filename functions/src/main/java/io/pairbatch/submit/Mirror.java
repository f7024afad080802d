package io.pairbatch.submit;

import io.pairbatch.job.RetryableException;
import io.pairbatch.registry.Submission;
import io.pairbatch.registry.SubmissionOutcome;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A copy of each SUB item beside the job's files (`registry/`), written before the create: whoever loses the table
/// still
/// knows which batches may exist.
final class Mirror {

    private Mirror() {}

    static void write(JobStore store, Submission s) {
        put(store, s, "intent", "");
    }

    static void write(JobStore store, Submission s, SubmissionOutcome outcome, @Nullable String batchId) {
        String batch = batchId == null ? "null" : "\"" + batchId + "\"";
        put(store, s, "outcome", ",\"outcome\":\"" + outcome + "\",\"batch_id\":" + batch);
    }

    private static void put(JobStore store, Submission s, String what, String more) {
        String name =
                String.format(Locale.ROOT, "registry/segment_%06d_sub_%02d_%s.json", s.segment(), s.number(), what);
        // Tokens and provider ids are made of letters, digits, dots, dashes and underscores: nothing to escape.
        String json = String.format(
                Locale.ROOT,
                "{\"segment_index\":%d,\"number\":%d,\"token\":\"%s\",\"file_id\":\"%s\",\"created_at\":\"%s\"%s}%n",
                s.segment(),
                s.number(),
                s.token(),
                s.fileId(),
                s.createdAt(),
                more);
        try (Draft draft = store.create(name)) {
            draft.write(json.getBytes(StandardCharsets.UTF_8));
            draft.commit();
        } catch (IOException e) {
            throw new RetryableException("the registry's mirror could not be written", e);
        }
    }
}
