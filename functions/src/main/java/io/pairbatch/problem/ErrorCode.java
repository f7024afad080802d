package io.pairbatch.problem;

import java.util.Arrays;
import java.util.Optional;

/// The stable codes of errors that concern a whole job. A code appears unchanged in `error.json`, in the registry, in
/// the state machine and on the console; its remedy is printed with it. docs/ERRORS.md is generated from these. (Codes
/// of single rows and pairs are [RowRejection] and [FailureCode].)
public enum ErrorCode implements Code {
    SPEC_NOT_JSON(
            "`job.json` is not one JSON object of 1 MiB at most, or a field appears in it twice.",
            "Make the job file one JSON object."),
    SPEC_UNKNOWN_FIELD(
            "`job.json` has a field that a job does not have; the most similar name is suggested.",
            "Correct or remove the field; docs/JOB.md lists every field of job.json, docs/DESIGNS.md those in `pairing`."),
    SPEC_MISSING_FIELD("The model, the trait or its description is missing.", "Add the field to the job file."),
    SPEC_INVALID_VALUE(
            "A field has a value of the wrong kind or out of range.",
            "Give the field a value of the kind and range that docs/JOB.md states, within `pairing` docs/DESIGNS.md."),
    SPEC_CONFLICT(
            "Two fields contradict each other, or the model does not accept an option.",
            "Keep one of the contradicting fields."),
    SPEC_NOT_AVAILABLE(
            "A field asks for something that this version does not support.",
            "Leave the field out: this version does not support it yet."),
    SPEC_FILE_NOT_FOUND(
            "A file or template that `job.json` names does not exist, or `job.json` itself does not.",
            "Put the file that the job file names beside it, or name one that exists."),
    TEMPLATE_INVALID(
            "The prompt template lacks a placeholder, is longer than 1 MiB or is not UTF-8.",
            "Put {TRAIT_NAME}, {TRAIT_DESCRIPTION}, {SAMPLE_1} and {SAMPLE_2} into the template and save it as UTF-8."),
    TRAIT_INVALID(
            "A registered trait is not one JSON object with the strings `name` and `description`.",
            "Make the trait one JSON object with the strings `name` and `description`."),
    LIBRARY_NAME_INVALID(
            "A template or trait cannot have that name.",
            "Choose a name of 1 to 64 letters, digits, `_`, `.` and `-` that begins with a letter or digit."),
    LIBRARY_NAME_TAKEN(
            "A template or trait of that name is registered already.",
            "Choose another name, or replace what is registered with --overwrite."),
    LIBRARY_NAME_UNKNOWN(
            "No template or trait has that name.",
            "Look the name up with `list`; with --quiet, removing a name that does not exist is not an error."),
    LIBRARY_NAME_BUILT_IN(
            "A built-in template or trait cannot be removed.",
            "Leave it, or override it: a registered one with the same name takes precedence."),
    INPUT_NOT_FOUND(
            "The table (`split`) or the files of a job (`collect`) are not in the expected place.",
            "Put the file in the expected place, or name the right one."),
    INPUT_AMBIGUOUS(
            "One folder holds several data files.", "Keep one file of pairs in the folder; a folder is one job."),
    INPUT_UNREADABLE(
            "A gzip file is damaged or truncated.", "Save the file again, as CSV or JSONL in UTF-8, plain or gzipped."),
    INPUT_FORMAT(
            "The file is not a readable table: Excel, Parquet, UTF-16, one JSON list, HTML, empty, …",
            "Save the table as CSV (UTF-8) with a header line, or as JSONL with one object per line."),
    INPUT_COLUMNS(
            "A column is missing, or has no name or that of another; semicolons separate the fields; a line stands before"
                    + " the header; or `pairing` is set for a table of pairs, or not for one of samples.",
            "Give a table of pairs the columns ID1, text1, ID2 and text2; one of samples has ID and text, and needs `pairing`"
                    + " in job.json."),
    INPUT_TOO_MANY_BAD_ROWS(
            "More rows were rejected than `max_bad_rows` allows, or, without it, so many for one reason that the table is bad"
                    + " throughout; nothing was sent.",
            "Fix the rows that the message names; ./pairbatch split lists all of them in rejected_rows.csv."),
    INPUT_ID_REUSED(
            "One ID stands for two texts, so that its results would be those of neither; nothing was sent.",
            "Give each text an ID of its own; where an ID may have several texts, set texts_per_id to \"any\"."),
    SAMPLE_COLUMNS(
            "A table of samples lacks the column of IDs or that of texts, a column has no name or that of another, or another"
                    + " line stands before the header.",
            "Rename the columns to ID and text; ./pairbatch pairs, which makes a table of pairs, has --id and --text for other"
                    + " names."),
    SAMPLE_ROWS(
            "Samples cannot be compared as they are: a row cannot be read, a text is empty, one ID stands for two texts, or"
                    + " there are fewer than two.",
            "Correct the rows or files that the message names."),
    PAIRING_REFUSED(
            "The samples cannot be compared as `pairing` says: there are too few or too many of them, an anchor is none of"
                    + " them, or there would be more comparisons than `max_comparisons`; nothing was sent.",
            "Correct `pairing`, or raise max_comparisons; docs/DESIGNS.md says what each design needs."),
    PRICE_UNKNOWN(
            "The job has a limit on its cost (`max_cost_usd`), and the price table of this version does not know its model;"
                    + " nothing was sent.",
            "Leave max_cost_usd out, or choose a model with a price; ./pairbatch models lists them, and says how one is added."),
    REPLACED(
            "The same files were dropped again, to be split or read otherwise, before the provider had let anything of the job in.",
            "Look at the newer job of the same folder."),
    CANCELLED(
            "A person cancelled the job while it waited for the end of another one; nothing of it was sent.",
            "To have its pairs judged after all, drop its files again: that makes a new job."),
    DUPLICATE(
            "The same pairs are judged in the same way by another job; nothing of this one was sent.",
            "Take the results of the job that the message names, or set the `run` that it names to have the pairs judged"
                    + " once more."),
    RESCUE_ROWS(
            "The batches that are taken over do not fit the table: together they have other rows, one has none that can be"
                    + " judged, or the provider counts other requests in one. Nothing was taken over.",
            "Give the table that the batches were made of, unchanged, and the `batch_size` or `n_segments` that was used."),
    RESCUE_AMBIGUOUS(
            "Two rows of one batch that is taken over have the same `custom_id`, or a row has none, so that their answers"
                    + " cannot be told apart. Nothing was taken over.",
            "Read these answers at the provider by hand; the rows can be judged as a job of their own with ./pairbatch run."),
    RESCUE_BATCH_OWNED(
            "A batch that is to be taken over is another job's, or was that of a job that is deleted.",
            "Look at the job that the message names; it has the batch's answers."),
    KEY_MISSING(
            "The provider's secret holds no key.",
            "Put the provider's API key into the stack's secret, then drop the file again."),
    KEY_REFUSED(
            "The provider refuses the key, or its account has no credit.",
            "Put a key that the provider accepts into the stack's secret, or buy credit, then drop the file again."),
    PROVIDER_NOT_DEPLOYED(
            "The deployment leaves the job's provider out, and so has no key of it. A new job is rejected before its table"
                    + " is read; one that was under way waits for the provider to come back.",
            "Name the provider among the deployment's `providers` (./pairbatch deploy -c providers=…, with all other"
                    + " settings), put its key into its secret, then drop the file again; or choose another `backend`."),
    PROVIDER_CHANGED(
            "The job was begun with the simulator, and the stack has real providers now, or the other way round; nothing was"
                    + " sent to them.",
            "Stop the stack with ./pairbatch down and start it as it was: `up --live` for real providers, `up` for the"
                    + " simulator; then ./pairbatch continue JOB."),
    PROVIDER_REFUSED(
            "The provider refuses the request for good; no batch was created by it.",
            "Read the provider's message; correct the job file and drop the files again."),
    PREFLIGHT_REFUSED(
            "The provider refuses the live request for the first pair: because of the model's name, an option or a permission.",
            "Correct `model`, or the option that the provider names, in the job file; where only the first pair is"
                    + " refused, set `preflight` to false. Nothing was uploaded."),
    PREFLIGHT_NO_WINNER(
            "The answer to the live request for the first pair holds no winner's tag.",
            "Read the answer in preflight.json; correct the template, the tags or the token limit in the job file, or"
                    + " set `preflight` to false. Nothing was uploaded."),
    STALLED(
            "No call to the provider or to AWS succeeded for the time in `max_stall`, or none for the segments that are named.",
            "Check that the provider and AWS can be reached, then drop the file again: the job continues."),
    DECISION_NEEDED(
            "The response to a create was lost, and it cannot be proven whether the batch exists.",
            "For each segment in doubt, `./pairbatch resolve JOB SEGMENT` shows what is known and records what you decide."),
    JUDGE_STOPPED(
            "One of the job's judges has stopped, or was rejected; what the others have judged stays in the folders of their"
                    + " jobs.",
            "Do what is said of the judge that the message names, then ./pairbatch continue JOB; or cancel the judge's own job:"
                    + " the others are then merged without it."),
    REGISTRY_CONFLICT(
            "The registry was lost and this version splits the table differently from what was submitted, or a collected"
                    + " segment's files are another version's, or gone.",
            "Do what the message says, or finish the job with the version of Pairbatch that started it:"
                    + " `pairbatch_version` in its job.json."),
    INTERNAL(
            "A bug in Pairbatch, or an AWS call that the deployment is not allowed to make.",
            "Report it with the execution's ID; drop the file again: the job continues where it stopped.");

    private final String cause;
    private final String remedy;

    ErrorCode(String cause, String remedy) {
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

    /// The code with this name; nothing for what is not one of ours.
    public static Optional<ErrorCode> of(String code) {
        return Arrays.stream(values())
                .filter(known -> known.code().equals(code))
                .findFirst();
    }

    /// The remedy of the code with this name; an unknown name is a defect, and gets that one's remedy.
    public static String remedyOf(String code) {
        return of(code).orElse(INTERNAL).remedy;
    }
}
