package io.pairbatch.merge;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.text.Hex;
import io.pairbatch.text.Json;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The SHA-256 of a job's table, byte for byte as it was uploaded.
///
/// @param sha256 64 hex digits; null if there is none
/// @param missing why there is none, as part of a sentence; null if there is one
public record TableDigest(@Nullable String sha256, @Nullable String missing) {

    private static final int BUFFER = 1 << 16;

    /// How often the clock is looked at, in bytes.
    private static final long STRETCH = 64L << 20;

    /// Opens the table.
    @FunctionalInterface
    public interface Opener {

        /// Its bytes, from the first one on.
        ///
        /// @throws JobRejectedException if it is gone, or has been replaced
        InputStream open(ResolvedJob.Source source) throws IOException;
    }

    /// The digest that is known already.
    public static TableDigest of(String sha256) {
        return new TableDigest(sha256, null);
    }

    /// Reads the table once in the life of a job: what came of it is kept in `parts/table_digest.json`, so that merging
    /// again writes the same bytes whatever has become of the table. Holds one buffer. Gives up when half of the call's
    /// time is over.
    ///
    /// @throws IOException if the table or the store cannot be reached
    static TableDigest of(ResolvedJob.Source source, Opener table, JobStore store, Deadline deadline)
            throws IOException {
        Optional<InputStream> known = store.open(JobFiles.TABLE_DIGEST);
        if (known.isPresent()) {
            try (InputStream in = known.get()) {
                JsonNode json = Json.MAPPER.readTree(in);
                return new TableDigest(
                        json.path("sha256").asString(null), json.path("missing").asString(null));
            }
        }
        TableDigest digest = read(source, table, deadline);
        ObjectNode json =
                Json.MAPPER.createObjectNode().put("sha256", digest.sha256()).put("missing", digest.missing());
        try (Draft draft = store.create(JobFiles.TABLE_DIGEST)) {
            draft.write(Json.MAPPER.writeValueAsBytes(json));
            draft.commit();
        }
        return digest;
    }

    private static TableDigest read(ResolvedJob.Source source, Opener table, Deadline deadline) throws IOException {
        MessageDigest sha256 = Hex.sha256();
        Duration reserve = deadline.left().dividedBy(2);
        byte[] buffer = new byte[BUFFER];
        long size = 0;
        long look = STRETCH;
        try (InputStream in = table.open(source)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sha256.update(buffer, 0, n);
                size += n;
                if (size >= look) {
                    look += STRETCH;
                    if (!deadline.allows(reserve)) {
                        return new TableDigest(null, "reading all of it took too long");
                    }
                }
            }
        } catch (JobRejectedException e) {
            return new TableDigest(null, "it was gone when the results were put together");
        }
        if (size != source.size()) {
            throw new IOException("the table ended after " + size + " of " + source.size() + " bytes");
        }
        return of(Hex.of(sha256.digest()));
    }
}
