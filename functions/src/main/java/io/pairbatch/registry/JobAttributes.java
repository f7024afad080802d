package io.pairbatch.registry;

import java.time.Instant;
import java.util.List;

/// The attributes of a JOB item.
final class JobAttributes {

    /// The sort key of such an item, and its value of [#KIND].
    static final String JOB = "JOB";

    static final Attribute<String> KIND = Attribute.text("kind");
    static final Attribute<JobState> STATE = Attribute.constant("state", JobState.class);
    static final Attribute<String> OWNER = Attribute.text("owner");
    static final Attribute<Long> EPOCH = Attribute.number("epoch");
    static final Attribute<Instant> CREATED_AT = Attribute.time("created_at");
    static final Attribute<Instant> UPDATED_AT = Attribute.time("updated_at");
    static final Attribute<Instant> FINISHED_AT = Attribute.time("finished_at");
    static final Attribute<Instant> REVIVED_AT = Attribute.time("revived_at");
    static final Attribute<Instant> MERGING_AT = Attribute.time("merging_at");

    static final Attribute<String> JUDGED = Attribute.text("judged");
    /// By which rules for tags the answers of a finished job were read.
    static final Attribute<String> TAG_RULES = Attribute.text("tag_rules");

    /// How often a drop has changed the job's policy.
    static final Attribute<Integer> POLICY_CHANGES = Attribute.count("policy_changes");
    /// Whether nothing but the answers of a job that was done is read again: no key is needed for that.
    static final Attribute<Boolean> REREADING = Attribute.flag("rereading");

    /// Whether answers of a finished job are to be fetched once more: its next execution is then to be started.
    static final Attribute<Boolean> COLLECTING = Attribute.flag("collecting");

    static final Attribute<String> CONTENT = Attribute.text("content");
    static final Attribute<String> CONTENT_CLAIM = Attribute.text("content_claim");
    static final Attribute<String> SAME_AS = Attribute.text("same_as");
    /// The job whose deletion is waited for: it judged the same, and holds the claim until it is gone.
    static final Attribute<String> AWAITS_DELETION = Attribute.text("awaits_deletion");

    static final Attribute<String> NOTICE = Attribute.text("notice");
    /// Whether the notice says that something was not done.
    static final Attribute<Boolean> NOTICE_REFUSES = Attribute.flag("notice_refuses");

    static final Attribute<String> STUDY = Attribute.text("study");
    /// A JSON object.
    static final Attribute<String> LABELS = Attribute.text("labels");
    static final Attribute<Boolean> VERBOSE = Attribute.flag("verbose");

    /// Missing where the simulator does not answer, or where it is not known.
    static final Attribute<Boolean> SIMULATED = Attribute.flag("simulated");

    /// The names of its judges, of a job that has several.
    static final Attribute<List<String>> JUDGES = Attribute.texts("judges");
    /// Of a job that is one judge's: the job that has several, and the judge's name.
    static final Attribute<String> PANEL = Attribute.text("panel");

    static final Attribute<String> JUDGE = Attribute.text("judge");
    /// By which epoch the job of each judge must have gone on before its end counts; 0 for any.
    static final Attribute<List<Integer>> JUDGE_EPOCHS = Attribute.counts("judge_epochs");
    /// What the executions that bring about these epochs are asked: a JSON object.
    static final Attribute<String> JUDGE_WISH = Attribute.text("judge_wish");

    static final Attribute<String> NAME = Attribute.text("name");
    static final Attribute<String> BACKEND = Attribute.text("backend");
    static final Attribute<String> MODEL = Attribute.text("model");
    static final Attribute<String> SOURCE_BUCKET = Attribute.text("source_bucket");
    static final Attribute<String> SOURCE_KEY = Attribute.text("source_key");
    static final Attribute<String> SOURCE_VERSION = Attribute.text("source_version");
    static final Attribute<Long> SOURCE_SIZE = Attribute.number("source_size");

    static final Attribute<Boolean> SPLIT_DONE = Attribute.flag("split_done");
    static final Attribute<String> SPLIT_VERSION = Attribute.text("split_version");
    static final Attribute<Long> ROWS_READ = Attribute.number("rows_read");
    static final Attribute<Long> ROWS_ACCEPTED = Attribute.number("rows_accepted");
    static final Attribute<Long> ROWS_REJECTED = Attribute.number("rows_rejected");
    /// How many comparisons each accepted row makes; absent for one.
    static final Attribute<Integer> PER_ROW = Attribute.count("comparisons_per_row");
    static final Attribute<String> TABLE = Attribute.text("table");
    static final Attribute<Integer> SEGMENTS = Attribute.count("segments");
    /// The last segment whose failures were looked at, to send them again.
    static final Attribute<Integer> RETRIED_TO = Attribute.count("retried_to");
    /// What a person wants sent again: error codes and causes, separated by blanks.
    static final Attribute<String> RETRY_ASKED = Attribute.text("retry_asked");
    /// The last segment that there was then.
    static final Attribute<Integer> RETRY_UP_TO = Attribute.count("retry_up_to");
    /// When a person has cancelled the job.
    static final Attribute<Instant> CANCELLED_AT = Attribute.time("cancelled_at");
    static final Attribute<Integer> SEGMENTS_BEFORE = Attribute.count("segments_before");
    static final Attribute<Long> SAMPLE_OF = Attribute.number("sample_of");
    static final Attribute<List<Integer>> LIMITS = Attribute.counts("limits");

    static final Attribute<PreflightMark> PREFLIGHT = Attribute.constant("preflight", PreflightMark.class);
    static final Attribute<String> PREFLIGHT_TOKEN = Attribute.text("preflight_token");
    static final Attribute<String> PREFLIGHT_SAYS = Attribute.text("preflight_says");

    static final Attribute<List<String>> STRAYS = Attribute.texts("strays");
    static final Attribute<Integer> STRAY_COUNT = Attribute.count("stray_count");
    static final Attribute<String> STRAY_LOOK = Attribute.text("stray_look");

    static final Attribute<Integer> READ_TO = Attribute.count("read_to");
    static final Attribute<Instant> NEXT_LOOK = Attribute.time("next_look");

    static final Attribute<Long> OBSERVED = Attribute.number("observed");
    static final Attribute<Long> FAILED = Attribute.number("failed");
    /// Failed pairs by `error_code`: a JSON object.
    static final Attribute<String> FAILED_BY_CODE = Attribute.text("failed_by_code");
    static final Attribute<String> COST_USD = Attribute.text("cost_usd");

    /// In nano-USD, like all that follow ([Costs]).
    static final Attribute<Long> COST_LIMIT = Attribute.number("cost_limit");

    static final Attribute<Long> COST_COMMITTED = Attribute.number("cost_committed");
    static final Attribute<Long> COST_SPENT = Attribute.number("cost_spent");
    /// A count.
    static final Attribute<Long> COST_OPEN_ENDED = Attribute.number("cost_open_ended");

    static final Attribute<Long> COST_NEEDED = Attribute.number("cost_needed");
    static final Attribute<Long> PREFLIGHT_RESERVED = Attribute.number("preflight_reserved");
    static final Attribute<Long> PREFLIGHT_SPENT = Attribute.number("preflight_spent");
    /// The limit with which a finished job's files were put together.
    static final Attribute<Long> MERGED_LIMIT = Attribute.number("merged_limit");
    static final Attribute<String> ERROR_CODE = Attribute.text("error_code");
    static final Attribute<String> ERROR_MESSAGE = Attribute.text("error_message");

    static final Attribute<String> PREVIOUS_OWNER = Attribute.text("previous_owner");
    static final Attribute<Instant> DELETING_SINCE = Attribute.time("deleting_since");
    static final Attribute<Instant> QUIET_FROM = Attribute.time("quiet_from");
    static final Attribute<DeletionRegistry.Phase> DELETION_PHASE =
            Attribute.constant("deletion_phase", DeletionRegistry.Phase.class);
    static final Attribute<Long> REMOVED_VERSIONS = Attribute.number("removed_versions");
    static final Attribute<Long> REMOVED_MARKERS = Attribute.number("removed_markers");
    static final Attribute<Long> REMOVED_UPLOADS = Attribute.number("removed_uploads");
    static final Attribute<Long> REMOVED_INBOX_VERSIONS = Attribute.number("removed_inbox_versions");
    static final Attribute<Long> REMOVED_INBOX_MARKERS = Attribute.number("removed_inbox_markers");
    static final Attribute<Long> REMOVED_ITEMS = Attribute.number("removed_items");
    /// A JSON object.
    static final Attribute<String> DELETED_JOB = Attribute.text("deleted_job");

    static final Attribute<String> INBOX_KEPT = Attribute.text("inbox_kept");

    static final Kind ITEMS = Kind.of(
                    KIND,
                    STATE,
                    OWNER,
                    EPOCH,
                    CREATED_AT,
                    UPDATED_AT,
                    FINISHED_AT,
                    REVIVED_AT,
                    MERGING_AT,
                    JUDGED,
                    TAG_RULES,
                    POLICY_CHANGES,
                    REREADING,
                    COLLECTING,
                    CONTENT,
                    CONTENT_CLAIM,
                    SAME_AS,
                    AWAITS_DELETION,
                    NOTICE,
                    NOTICE_REFUSES,
                    STUDY,
                    LABELS,
                    VERBOSE,
                    SIMULATED,
                    JUDGES,
                    PANEL,
                    JUDGE,
                    JUDGE_EPOCHS,
                    JUDGE_WISH,
                    NAME,
                    BACKEND,
                    MODEL,
                    SOURCE_BUCKET,
                    SOURCE_KEY,
                    SOURCE_VERSION,
                    SOURCE_SIZE,
                    SPLIT_DONE,
                    SPLIT_VERSION,
                    ROWS_READ,
                    ROWS_ACCEPTED,
                    ROWS_REJECTED,
                    PER_ROW,
                    TABLE,
                    SEGMENTS,
                    RETRIED_TO,
                    RETRY_ASKED,
                    RETRY_UP_TO,
                    CANCELLED_AT,
                    SEGMENTS_BEFORE,
                    SAMPLE_OF,
                    LIMITS,
                    PREFLIGHT,
                    PREFLIGHT_TOKEN,
                    PREFLIGHT_SAYS,
                    STRAYS,
                    STRAY_COUNT,
                    STRAY_LOOK,
                    READ_TO,
                    NEXT_LOOK,
                    OBSERVED,
                    FAILED,
                    FAILED_BY_CODE,
                    COST_USD,
                    COST_LIMIT,
                    COST_COMMITTED,
                    COST_SPENT,
                    COST_OPEN_ENDED,
                    COST_NEEDED,
                    PREFLIGHT_RESERVED,
                    PREFLIGHT_SPENT,
                    MERGED_LIMIT,
                    ERROR_CODE,
                    ERROR_MESSAGE,
                    PREVIOUS_OWNER,
                    DELETING_SINCE,
                    QUIET_FROM,
                    DELETION_PHASE,
                    REMOVED_VERSIONS,
                    REMOVED_MARKERS,
                    REMOVED_UPLOADS,
                    REMOVED_INBOX_VERSIONS,
                    REMOVED_INBOX_MARKERS,
                    REMOVED_ITEMS,
                    DELETED_JOB,
                    INBOX_KEPT)
            .indexed(RegistryTable.BY_TIME, KIND, CREATED_AT);

    private JobAttributes() {}

    static ItemKey key(String jobId) {
        return new ItemKey(jobId, JOB);
    }
}
