package io.pairbatch.api;

import io.pairbatch.problem.Code;

/// The stable codes of what is wrong with a request, beside those of jobs ([io.pairbatch.problem.ErrorCode]).
/// docs/API.md lists them.
public enum ApiCode implements Code {
    API_NOT_JSON(400, "The body is not one JSON object", "Send one JSON object, each field once."),
    API_FIELD_INVALID(400, "A field of the request is wrong", "Correct the field as docs/API.md says."),
    API_PARAMETER_INVALID(400, "A parameter of the query is wrong", "Correct or remove the parameter."),
    API_SOURCE_NOT_FOUND(400, "The source is not there", "Upload the table first, or name the object that is there."),
    API_SOURCE_TOO_LARGE(
            400,
            "The source is too large to be copied while you wait",
            "Post with `file` instead of `source`, then copy it yourself: aws s3 cp SOURCE s3://BUCKET/inbox/NAME/FILE."),
    API_NOT_SIGNED(
            403, "The request is not signed", "Sign it with AWS Signature Version 4 for the service execute-api."),
    API_SOURCE_NOT_ALLOWED(
            403, "The source may not be read", "Put the table into the deployment's own bucket, under tables/."),
    API_JOB_NOT_FOUND(404, "There is no such job", "Take an id from GET /jobs, or the inbox name that POST gave."),
    API_NO_SUCH_PATH(404, "There is nothing here", "The API is /jobs, /jobs/{id} and /jobs/{id}/results."),
    API_METHOD_NOT_ALLOWED(405, "The path does not take this method", "Use a method of the header Allow."),
    API_JOB_AMBIGUOUS(409, "Several jobs begin so", "Give more of the id."),
    API_JOB_NOT_DONE(409, "The job has no results yet", "Ask GET /jobs/{id} until its state is DONE."),
    API_KEY_REUSED(
            409,
            "The Idempotency-Key belongs to another request",
            "Repeat a request unchanged, or give a new one a new key."),
    API_BODY_TOO_LARGE(413, "The body is too large", "Send 1 MiB at most; the table goes to the upload's URL."),
    API_MEDIA_TYPE(415, "The body is not JSON by its content type", "Send Content-Type: application/json."),
    API_INTERNAL(500, "A defect", "Report it with the header apigw-requestid; the same request may be repeated."),
    API_UNAVAILABLE(503, "AWS did not answer in time", "Repeat the request after a while, with its Idempotency-Key.");

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
