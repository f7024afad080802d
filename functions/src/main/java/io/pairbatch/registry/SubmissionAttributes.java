package io.pairbatch.registry;

import java.time.Instant;

/// The attributes of a SUB item.
final class SubmissionAttributes {

    static final Attribute<Integer> SEGMENT_INDEX = Attribute.count("segment_index");
    static final Attribute<Integer> NUMBER = Attribute.count("number");
    /// Only submissions have one among the items under a segment's key.
    static final Attribute<String> TOKEN = Attribute.text("token");
    static final Attribute<String> FILE_ID = Attribute.text("file_id");
    static final Attribute<String> ACCOUNT = Attribute.text("account");
    /// What it may cost at most, in nano-USD.
    static final Attribute<Long> BOUND = Attribute.number("bound");

    static final Attribute<Boolean> OPEN_ENDED = Attribute.flag("open_ended");
    static final Attribute<Instant> CREATED_AT = Attribute.time("created_at");
    static final Attribute<SubmissionOutcome> OUTCOME = Attribute.constant("outcome", SubmissionOutcome.class);
    static final Attribute<String> BATCH_ID = Attribute.text("batch_id");

    static final Kind ITEMS =
            Kind.of(SEGMENT_INDEX, NUMBER, TOKEN, FILE_ID, ACCOUNT, BOUND, OPEN_ENDED, CREATED_AT, OUTCOME, BATCH_ID);

    private SubmissionAttributes() {}

    static ItemKey key(String jobId, Submission submission) {
        return new ItemKey(jobId, SegmentItem.submissionKey(submission.segment(), submission.number()));
    }
}
