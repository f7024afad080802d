package io.pairbatch.problem;

/// Why nothing is done about a job or a segment that somebody wants something done about. The message beside it is more
/// exact, and the same in the command line and in the API.
public enum RefusalCode implements Code {
    JOB_UNKNOWN("No such job was ever started.", "Use the ID of a job that `./pairbatch jobs` lists."),
    JOB_DELETING(
            "The job is being deleted, and nothing of it can go on.", "Finish that with `./pairbatch delete JOB`."),
    JOB_NEWER("A newer version of Pairbatch has written the job or the segment.", "Use the command of that version."),
    JOB_BUSY("An execution is already working on the job.", "Follow it with `./pairbatch watch JOB`."),
    JOB_WRONG_STATE("The job is in a state in which this cannot be done.", "Do what the message beside the code says."),
    JOB_NOTHING_TO_DO("The job is already as it is wanted.", "Look at its results."),
    JOB_COST_LIMIT(
            "The job's `max_cost_usd` leaves no room for the pairs that are to be sent.",
            "Raise it, with `./pairbatch continue JOB --max-cost USD` for example; the message says how far."),
    ANSWERS_NOT_KEPT(
            "The answers are no longer where they would be read from.",
            "Use the files in the bucket and their older versions; nothing else is left."),
    RULES_INVALID("The rules for reading answers are not valid.", "Correct the field that the message names."),
    CODES_INVALID("No pair fails with one of these codes.", "Use the causes in docs/JOB.md, or the error codes here."),
    SEGMENT_UNKNOWN("The job has no segment of this number.", "Use one of the numbers that the message names."),
    SEGMENT_BUSY(
            "The create of the segment may still be on its way.",
            "Wait until the time that the message names; the list is looked at by itself."),
    SEGMENT_WRONG_STATE(
            "The segment is in a state in which this cannot be decided.", "Do what the message beside the code says."),
    SEGMENT_MOVED_ON(
            "The segment is not any more as it was seen.", "Look at it again, and decide by what is shown then."),
    BATCH_ID_INVALID("That is no ID of a batch.", "Copy the ID from the provider's list of batches."),
    BATCH_OWNED("Another segment or job owns the batch.", "Look for the batch with the segment's own token.");

    private final String cause;
    private final String remedy;

    RefusalCode(String cause, String remedy) {
        this.cause = cause;
        this.remedy = remedy;
    }

    @Override
    public String code() {
        return name();
    }

    @Override
    public String cause() {
        return cause;
    }

    @Override
    public String remedy() {
        return remedy;
    }
}
