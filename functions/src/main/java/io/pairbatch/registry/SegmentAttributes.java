package io.pairbatch.registry;

import java.time.Instant;

/// The attributes of a SEGMENT item.
final class SegmentAttributes {

    /// The prefix of the sort keys of segments and of their submissions.
    static final String PREFIX = "SEGMENT#";

    static final Attribute<Integer> SEGMENT_INDEX = Attribute.count("segment_index");
    static final Attribute<SegmentState> STATE = Attribute.constant("state", SegmentState.class);
    static final Attribute<String> PROVIDER = Attribute.text("provider");
    static final Attribute<String> MODEL = Attribute.text("model");
    static final Attribute<String> BATCH_INPUT_PATH = Attribute.text("batch_input_path");
    static final Attribute<String> BATCH_OUTPUT_PATH = Attribute.text("batch_output_path");
    static final Attribute<String> CSV_PATH = Attribute.text("csv_path");
    static final Attribute<String> PAIRS_PATH = Attribute.text("pairs_path");
    static final Attribute<Integer> ROWS = Attribute.count("rows");
    static final Attribute<Long> FIRST_ROW = Attribute.number("first_row");
    static final Attribute<Long> LAST_ROW = Attribute.number("last_row");
    static final Attribute<Long> INPUT_BYTES = Attribute.number("input_bytes");
    static final Attribute<String> INPUT_SHA256 = Attribute.text("input_sha256");
    static final Attribute<Integer> ATTEMPT = Attribute.count("attempt");
    static final Attribute<Instant> CREATED_AT = Attribute.time("created_at");

    static final Attribute<Integer> SUBMISSIONS = Attribute.count("submissions");
    static final Attribute<String> INVOCATION = Attribute.text("invocation");
    static final Attribute<Instant> LEASE_UNTIL = Attribute.time("lease_until");
    static final Attribute<Instant> CREATE_UNTIL = Attribute.time("create_until");
    static final Attribute<String> FILE_ID = Attribute.text("file_id");
    static final Attribute<Instant> FILE_UPLOADED_AT = Attribute.time("file_uploaded_at");
    static final Attribute<Instant> NOT_BEFORE = Attribute.time("not_before");
    static final Attribute<Instant> SET_ASIDE_UNTIL = Attribute.time("set_aside_until");
    static final Attribute<Instant> FAILING_SINCE = Attribute.time("failing_since");
    static final Attribute<Integer> BOUNCES = Attribute.count("bounces");
    static final Attribute<Integer> FILE_FAILURES = Attribute.count("file_failures");
    static final Attribute<String> PROVIDER_SAYS = Attribute.text("provider_says");

    static final Attribute<Instant> ABSENT_SINCE = Attribute.time("absent_since");
    static final Attribute<Instant> UNSEEN_SINCE = Attribute.time("unseen_since");
    static final Attribute<Integer> UNSEEN_LOOKS = Attribute.count("unseen_looks");
    static final Attribute<Instant> LOOK_AGAIN = Attribute.time("look_again");

    static final Attribute<String> BATCH_ID = Attribute.text("batch_id");
    static final Attribute<String> OPEN_ACCOUNT = Attribute.text("open_account");
    static final Attribute<Instant> SUBMITTED_AT = Attribute.time("submitted_at");
    static final Attribute<String> PROVIDER_STATUS = Attribute.text("provider_status");
    /// When the provider last said something new of its batch.
    static final Attribute<Instant> NEWS_AT = Attribute.time("news_at");

    static final Attribute<Long> REQUESTS_TOTAL = Attribute.number("requests_total");
    static final Attribute<Long> REQUESTS_COMPLETED = Attribute.number("requests_completed");
    static final Attribute<Long> REQUESTS_FAILED = Attribute.number("requests_failed");
    static final Attribute<String> OUTPUT_FILE_ID = Attribute.text("output_file_id");
    static final Attribute<String> ERROR_FILE_ID = Attribute.text("error_file_id");
    static final Attribute<SegmentState> OUTCOME = Attribute.constant("outcome", SegmentState.class);
    static final Attribute<Instant> ENDED_AT = Attribute.time("ended_at");
    static final Attribute<Instant> RECEIVED_AT = Attribute.time("received_at");
    static final Attribute<String> ERROR_CODE = Attribute.text("error_code");
    static final Attribute<String> ERROR_MESSAGE = Attribute.text("error_message");

    static final Attribute<Instant> MISSING_SINCE = Attribute.time("missing_since");
    static final Attribute<Integer> MISSING_LOOKS = Attribute.count("missing_looks");
    static final Attribute<Instant> MISSING_LOOKED_AT = Attribute.time("missing_looked_at");
    static final Attribute<Integer> POLL_FAILURES = Attribute.count("poll_failures");
    static final Attribute<Instant> POLL_FAILING_SINCE = Attribute.time("poll_failing_since");
    static final Attribute<Instant> POLL_NOT_BEFORE = Attribute.time("poll_not_before");
    static final Attribute<Integer> COLLECT_ATTEMPTS = Attribute.count("collect_attempts");
    static final Attribute<Instant> COLLECT_FAILING_SINCE = Attribute.time("collect_failing_since");
    static final Attribute<Instant> COLLECT_NOT_BEFORE = Attribute.time("collect_not_before");
    static final Attribute<Instant> SHORT_SINCE = Attribute.time("short_since");
    /// IDs separated by spaces.
    static final Attribute<String> MISSING_FILES = Attribute.text("missing_files");

    static final Attribute<Instant> DOWNLOAD_MISSING_SINCE = Attribute.time("download_missing_since");
    static final Attribute<Integer> DOWNLOAD_MISSING_LOOKS = Attribute.count("download_missing_looks");
    static final Attribute<Instant> DOWNLOAD_MISSING_LOOKED_AT = Attribute.time("download_missing_looked_at");
    static final Attribute<Boolean> GIVE_UP = Attribute.flag("give_up");

    static final Attribute<Boolean> DONE = Attribute.flag("done");
    static final Attribute<Long> OBSERVED = Attribute.number("observed");
    static final Attribute<Long> FAILED = Attribute.number("failed");
    /// What its create holds of the job's money, in nano-USD, until it is collected.
    static final Attribute<Long> RESERVED = Attribute.number("reserved");

    static final Attribute<Boolean> OPEN_ENDED = Attribute.flag("open_ended");
    /// What its answers cost, in nano-USD.
    static final Attribute<Long> COST = Attribute.number("cost");

    static final Attribute<Long> TOKENS_PER_MEGABYTE = Attribute.number("tokens_per_megabyte");
    static final Attribute<Long> COSTLIEST = Attribute.number("costliest");
    /// By which rules for tags its answers were read.
    static final Attribute<String> TAG_RULES = Attribute.text("tag_rules");

    static final Attribute<SegmentItem.Copies> COPIES = Attribute.constant("copies", SegmentItem.Copies.class);
    static final Attribute<Integer> DELETIONS = Attribute.count("deletions");
    /// IDs separated by spaces.
    static final Attribute<String> COPIES_LEFT = Attribute.text("copies_left");

    /// When a person asked for the answers of a collected segment to be fetched once more.
    static final Attribute<Instant> COLLECT_AGAIN = Attribute.time("collect_again");

    static final Attribute<Instant> CANCEL_ASKED = Attribute.time("cancel_asked");
    /// JSON.
    static final Attribute<String> FORGOTTEN = Attribute.text("forgotten");

    static final Kind ITEMS = Kind.of(
            SEGMENT_INDEX,
            STATE,
            PROVIDER,
            MODEL,
            BATCH_INPUT_PATH,
            BATCH_OUTPUT_PATH,
            CSV_PATH,
            PAIRS_PATH,
            ROWS,
            FIRST_ROW,
            LAST_ROW,
            INPUT_BYTES,
            INPUT_SHA256,
            ATTEMPT,
            CREATED_AT,
            SUBMISSIONS,
            INVOCATION,
            LEASE_UNTIL,
            CREATE_UNTIL,
            FILE_ID,
            FILE_UPLOADED_AT,
            NOT_BEFORE,
            SET_ASIDE_UNTIL,
            FAILING_SINCE,
            BOUNCES,
            FILE_FAILURES,
            PROVIDER_SAYS,
            ABSENT_SINCE,
            UNSEEN_SINCE,
            UNSEEN_LOOKS,
            LOOK_AGAIN,
            BATCH_ID,
            OPEN_ACCOUNT,
            SUBMITTED_AT,
            PROVIDER_STATUS,
            NEWS_AT,
            REQUESTS_TOTAL,
            REQUESTS_COMPLETED,
            REQUESTS_FAILED,
            OUTPUT_FILE_ID,
            ERROR_FILE_ID,
            OUTCOME,
            ENDED_AT,
            RECEIVED_AT,
            ERROR_CODE,
            ERROR_MESSAGE,
            MISSING_SINCE,
            MISSING_LOOKS,
            MISSING_LOOKED_AT,
            POLL_FAILURES,
            POLL_FAILING_SINCE,
            POLL_NOT_BEFORE,
            COLLECT_ATTEMPTS,
            COLLECT_FAILING_SINCE,
            COLLECT_NOT_BEFORE,
            SHORT_SINCE,
            MISSING_FILES,
            DOWNLOAD_MISSING_SINCE,
            DOWNLOAD_MISSING_LOOKS,
            DOWNLOAD_MISSING_LOOKED_AT,
            GIVE_UP,
            DONE,
            OBSERVED,
            FAILED,
            RESERVED,
            OPEN_ENDED,
            COST,
            TOKENS_PER_MEGABYTE,
            COSTLIEST,
            TAG_RULES,
            COPIES,
            DELETIONS,
            COPIES_LEFT,
            COLLECT_AGAIN,
            CANCEL_ASKED,
            FORGOTTEN);

    /// Selects the segment itself among the items under its key.
    static final Condition IS_SEGMENT = SubmissionAttributes.TOKEN.isMissing();

    private SegmentAttributes() {}

    static ItemKey key(String jobId, int index) {
        return new ItemKey(jobId, SegmentItem.key(index));
    }
}
