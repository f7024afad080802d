package io.pairbatch.api;

import io.pairbatch.problem.Code;

/// The stable codes of request errors, in addition to those of jobs ([io.pairbatch.problem.ErrorCode]). docs/API.md
/// lists them.
public enum ApiCode implements Code {
    API_NOT_JSON(400, "The body is not one JSON object", "Send one JSON object, each field once."),
    API_FIELD_INVALID(400, "A field of the request is wrong", "Correct the field as docs/API.md says."),
    API_PARAMETER_INVALID(400, "A parameter of the query is wrong", "Correct or remove the parameter."),
    API_SOURCE_NOT_FOUND(400, "The source does not exist", "Upload the table first, or name an existing object."),
    API_SOURCE_TOO_LARGE(
            400,
            "The source is too large to copy during the request",
            "Post with `file` instead of `source`, then copy it yourself: aws s3 cp SOURCE s3://BUCKET/inbox/NAME/FILE."),
    API_NOT_SIGNED(
            403, "The request is not signed", "Sign it with AWS Signature Version 4 for the service execute-api."),
    API_SOURCE_NOT_ALLOWED(
            403, "The source is not allowed", "Put the table into the deployment's own bucket, under tables/."),
    API_JOB_NOT_FOUND(404, "There is no such job", "Use an ID from GET /jobs, or the inbox name that POST returned."),
    API_NO_SUCH_PATH(404, "No such path", "Use a path that docs/API.md lists."),
    API_METHOD_NOT_ALLOWED(405, "The path does not allow this method", "Use a method from the Allow header."),
    API_JOB_AMBIGUOUS(409, "Several job IDs begin like this", "Give more of the ID."),
    API_JOB_NOT_DONE(409, "The job has no results yet", "Poll GET /jobs/{id} until its state is DONE."),
    API_KEY_REUSED(
            409,
            "The Idempotency-Key belongs to another request",
            "Repeat a request unchanged, or use a new key for a new request."),
    API_BODY_TOO_LARGE(413, "The body is too large", "Send at most 1 MiB; upload the table to the upload URL."),
    API_ESTIMATE_TOO_LARGE(
            413,
            "The table is too large to be estimated during a request",
            "Estimate it with the command, which reads any table: ./pairbatch estimate FILE."),
    API_MEDIA_TYPE(415, "The content type is not JSON", "Send Content-Type: application/json."),
    API_INTERNAL(500, "Internal error", "Report it with the header apigw-requestid; the same request may be repeated."),
    API_UNAVAILABLE(503, "AWS did not respond in time", "Repeat the request later, with the same Idempotency-Key.");

    private final int status;
    private final String cause;
    private final String remedy;

    ApiCode(int status, String cause, String remedy) {
        this.status = status;
        this.cause = cause;
        this.remedy = remedy;
    }

    int status() {
        return status;
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
