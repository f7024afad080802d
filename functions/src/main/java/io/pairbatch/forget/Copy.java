package io.pairbatch.forget;

import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.BatchProvider.Removal;
import io.pairbatch.provider.BatchStatus;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.Submission;
import io.pairbatch.step.Account;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One of our files or batches at the provider.
///
/// @param maker the account that created it; null if unknown
record Copy(Kind kind, String id, @Nullable String maker) {

    enum Kind {
        INPUT_FILE,
        OUTPUT_FILE,
        ERROR_FILE,
        BATCH;

        /// As written in a record.
        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Everything of a segment that the provider has according to the registry, batches last. All submissions count,
    /// because a batch that was refused for a full queue left its file there too.
    ///
    /// @param provider whose batches may name files; if it does not use files, the name does not refer to one
    static List<Copy> of(BatchProvider provider, SegmentItem segment, List<Submission> submissions) {
        Map<String, Copy> copies = new LinkedHashMap<>();
        Map<String, Copy> batches = new LinkedHashMap<>();
        for (Submission submission : submissions) {
            String batch = submission.batchId();
            if (batch != null) {
                batches.put(batch, new Copy(Kind.BATCH, batch, submission.account()));
            }
            put(copies, Kind.INPUT_FILE, submission.fileId(), submission.account());
        }
        String maker = submissions.isEmpty() ? null : submissions.getLast().account();
        if (segment.batchId() != null) {
            batches.putIfAbsent(segment.batchId(), new Copy(Kind.BATCH, segment.batchId(), maker));
        }
        put(copies, Kind.INPUT_FILE, segment.fileId(), null);
        put(copies, Kind.OUTPUT_FILE, segment.outputFileId(), maker);
        put(copies, Kind.ERROR_FILE, segment.errorFileId(), maker);
        if (!provider.takesFiles()) {
            copies.clear();
        }
        copies.putAll(batches);
        return List.copyOf(copies.values());
    }

    /// The files that a batch itself names. The registry does not know them if nobody followed the batch to its end.
    static List<Copy> of(BatchStatus batch, @Nullable String maker) {
        Map<String, Copy> copies = new LinkedHashMap<>();
        put(copies, Kind.INPUT_FILE, batch.inputFileId(), maker);
        // Answers that stand in a batch itself go with it.
        put(copies, Kind.OUTPUT_FILE, batch.id().equals(batch.outputFileId()) ? null : batch.outputFileId(), maker);
        put(copies, Kind.ERROR_FILE, batch.errorFileId(), maker);
        return List.copyOf(copies.values());
    }

    /// Both lists, each ID once, batches last.
    static List<Copy> union(List<Copy> first, List<Copy> second) {
        Map<String, Copy> all = new LinkedHashMap<>();
        List<Copy> both = new ArrayList<>(first);
        both.addAll(second);
        both.sort((a, b) -> Boolean.compare(a.kind == Kind.BATCH, b.kind == Kind.BATCH));
        both.forEach(copy -> all.putIfAbsent(copy.id, copy));
        return List.copyOf(all.values());
    }

    private static void put(Map<String, Copy> copies, Kind kind, @Nullable String id, @Nullable String maker) {
        if (id != null && !id.isEmpty()) {
            copies.putIfAbsent(id, new Copy(kind, id, maker));
        }
    }

    /// Deletes it at the provider. If another key than its creator's does not find it, it may still be there.
    Removal delete(Account account) throws RefusedException {
        Account.Answered<Removal> answered = account.callAs(
                maker,
                at -> kind == Kind.BATCH
                        ? at.provider().deleteBatch(id)
                        : at.provider().deleteFile(id));
        boolean byAnother = maker != null && !maker.equals(answered.by().window());
        return answered.answer() == Removal.GONE && byAnother ? Removal.NOT_POSSIBLE : answered.answer();
    }
}
