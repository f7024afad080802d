package io.pairbatch.standins;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.InvalidRequestException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// The service's own refusals (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
final class Refusals {

    static final int BAD_REQUEST = 400;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int CONFLICT = 409;
    static final int PRECONDITION_FAILED = 412;
    static final int RANGE_NOT_SATISFIABLE = 416;

    private Refusals() {}

    static NoSuchBucketException noSuchBucket() {
        return (NoSuchBucketException) filled(
                NoSuchBucketException.builder(), NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist");
    }

    static NoSuchKeyException noSuchKey() {
        return (NoSuchKeyException)
                filled(NoSuchKeyException.builder(), NOT_FOUND, "NoSuchKey", "The specified key does not exist.");
    }

    static NoSuchUploadException noSuchUpload() {
        return (NoSuchUploadException) filled(
                NoSuchUploadException.builder(),
                NOT_FOUND,
                "NoSuchUpload",
                "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted"
                        + " or completed.");
    }

    static BucketAlreadyOwnedByYouException alreadyOwned() {
        return (BucketAlreadyOwnedByYouException) filled(
                BucketAlreadyOwnedByYouException.builder(),
                CONFLICT,
                "BucketAlreadyOwnedByYou",
                "Your previous request to create the named bucket succeeded and you already own it.");
    }

    static S3Exception noSuchVersion() {
        return refusal(NOT_FOUND, "NoSuchVersion", "The specified version does not exist.");
    }

    static S3Exception preconditionFailed() {
        return refusal(
                PRECONDITION_FAILED,
                "PreconditionFailed",
                "At least one of the pre-conditions you specified did not hold");
    }

    static S3Exception methodNotAllowed() {
        return refusal(
                METHOD_NOT_ALLOWED, "MethodNotAllowed", "The specified method is not allowed against this resource.");
    }

    static S3Exception invalidArgument(String message) {
        return refusal(BAD_REQUEST, "InvalidArgument", message);
    }

    static InvalidRequestException invalidRequest(String message) {
        return (InvalidRequestException)
                filled(InvalidRequestException.builder(), BAD_REQUEST, "InvalidRequest", message);
    }

    static S3Exception malformed() {
        return refusal(
                BAD_REQUEST,
                "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our published schema");
    }

    static S3Exception badDigest(String what) {
        return refusal(BAD_REQUEST, "BadDigest", "The " + what + " you specified did not match what we received.");
    }

    static S3Exception refusal(int status, String code, String message) {
        return filled(S3Exception.builder(), status, code, message);
    }

    private static S3Exception filled(S3Exception.Builder builder, int status, String code, String message) {
        SdkHttpResponse answer = SdkHttpResponse.builder().statusCode(status).build();
        return (S3Exception) builder.statusCode(status)
                .message(message)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .serviceName("S3")
                        .errorCode(code)
                        .errorMessage(message)
                        .sdkHttpResponse(answer)
                        .build())
                .build();
    }
}
