package io.pairbatch.registry;

import static io.pairbatch.registry.SegmentAttributes.*;

import java.util.ArrayList;
import java.util.List;

/// Changes of SEGMENT items that belong together.
final class Changes {

    /// Clears what is recorded while a segment cannot be submitted.
    static final List<Change> NO_TROUBLE =
            List.of(SET_ASIDE_UNTIL.removed(), FAILING_SINCE.removed(), PROVIDER_SAYS.removed());

    /// Clears what is recorded while the batch of a lost create is searched for.
    static final List<Change> NO_DOUBT =
            List.of(ABSENT_SINCE.removed(), UNSEEN_SINCE.removed(), UNSEEN_LOOKS.removed(), LOOK_AGAIN.removed());

    /// Clears what ends with a response about the batch.
    static final List<Change> READ = List.of(
            MISSING_SINCE.removed(),
            MISSING_LOOKS.removed(),
            MISSING_LOOKED_AT.removed(),
            POLL_FAILURES.removed(),
            POLL_FAILING_SINCE.removed(),
            POLL_NOT_BEFORE.removed(),
            PROVIDER_SAYS.removed());

    /// Clears what was recorded when the segment was collected before.
    static final List<Change> COLLECTING_ANEW = List.of(
            COLLECT_ATTEMPTS.removed(),
            COLLECT_FAILING_SINCE.removed(),
            COLLECT_NOT_BEFORE.removed(),
            SHORT_SINCE.removed(),
            MISSING_FILES.removed(),
            DOWNLOAD_MISSING_SINCE.removed(),
            DOWNLOAD_MISSING_LOOKS.removed(),
            DOWNLOAD_MISSING_LOOKED_AT.removed(),
            GIVE_UP.removed());

    /// Clears what does not apply to another batch of the segment.
    static final List<Change> ANOTHER_BATCH =
            all(READ, COLLECTING_ANEW, List.of(NEWS_AT.removed(), CANCEL_ASKED.removed()));

    /// Clears what a create held of the job's money.
    static final List<Change> NOTHING_HELD = List.of(RESERVED.removed(), OPEN_ENDED.removed());

    static List<Change> holding(Reservation held) {
        return List.of(RESERVED.to(held.nano()), OPEN_ENDED.to(held.openEnded() ? true : null));
    }

    private Changes() {}

    @SafeVarargs
    static List<Change> all(List<Change>... changes) {
        List<Change> all = new ArrayList<>();
        for (List<Change> some : changes) {
            all.addAll(some);
        }
        return all;
    }
}
