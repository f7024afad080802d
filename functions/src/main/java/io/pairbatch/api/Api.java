package io.pairbatch.api;

import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.JobRejectedException;
import java.io.IOException;
import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/// Answers requests: routes paths and turns errors into responses.
public final class Api {

    private static final List<String> ESTIMATE = List.of("estimate");

    private final NewJobs newJobs;
    private final JobViews jobs;
    private final Results results;
    private final JobActions actions;
    private final Estimates estimates;

    public Api(NewJobs newJobs, JobViews jobs, Results results, JobActions actions, Estimates estimates) {
        this.newJobs = newJobs;
        this.jobs = jobs;
        this.results = results;
        this.actions = actions;
        this.estimates = estimates;
    }

    /// Always returns a response; the details of an unexpected error go to `defect` only.
    public ApiResponse answer(ApiRequest request, Defects defects) {
        try {
            if (request.caller() == null) {
                // API Gateway refuses unsigned requests before they get here, but a route without its authorizer would
                // not.
                throw new ApiException(ApiCode.API_NOT_SIGNED, "The request is not signed.");
            }
            return route(request, request.caller());
        } catch (ApiException e) {
            return ApiResponse.problem(e, request.path());
        } catch (JobRejectedException e) {
            return ApiResponse.problem(ApiException.of(e), request.path());
        } catch (IOException | RuntimeException e) {
            defects.note(e);
            return unexpected(e, request.path());
        }
    }

    /// Where unexpected errors are logged.
    @FunctionalInterface
    public interface Defects {

        void note(Exception e);
    }

    private ApiResponse route(ApiRequest request, String caller) throws IOException {
        List<String> path = List.of(request.path().substring(1).split("/", -1));
        List<String> allowed = allowed(path);
        if (allowed.isEmpty()) {
            throw new ApiException(ApiCode.API_NO_SUCH_PATH, "The API has no path " + request.path() + ".");
        }
        if (!allowed.contains(request.method())) {
            ApiException refused = new ApiException(
                    ApiCode.API_METHOD_NOT_ALLOWED, request.path() + " does not allow " + request.method() + ".");
            return ApiResponse.problem(refused, request.path()).with("allow", String.join(", ", allowed));
        }
        if (path.equals(ESTIMATE)) {
            return estimates.post(request);
        }
        boolean get = request.method().equals("GET");
        return switch (path.size()) {
            case 1 -> get ? jobs.page(request.query()) : newJobs.post(request, caller);
            case 2 -> jobs.one(path.get(1));
            case 3 -> get ? results.list(path.get(1)) : actions.act(request, caller, path.get(1), path.get(2));
            default ->
                get
                        ? actions.show(path.get(1), path.get(3), path.get(4))
                        : actions.decide(request, caller, path.get(1), path.get(3), path.get(4));
        };
    }

    /// The methods of a path; none if there is no such path.
    private static List<String> allowed(List<String> path) {
        if (path.equals(ESTIMATE)) {
            return List.of("POST");
        }
        if (!path.getFirst().equals("jobs") || path.contains("")) {
            return List.of();
        }
        return switch (path.size()) {
            case 1 -> List.of("GET", "POST");
            case 2 -> List.of("GET");
            case 3 ->
                path.getLast().equals("results")
                        ? List.of("GET")
                        : JobActions.isOfJobs(path.getLast()) ? List.of("POST") : List.of();
            case 5 ->
                path.get(2).equals("segments") && JobActions.isOfSegments(path.getLast())
                        ? List.of("GET", "POST")
                        : List.of();
            default -> List.of();
        };
    }

    private static ApiResponse unexpected(Exception e, String path) {
        boolean outage = e instanceof IOException
                || e instanceof RetryableException
                || e instanceof SdkClientException
                || (e instanceof AwsServiceException aws && (aws.isThrottlingException() || aws.statusCode() >= 500));
        if (outage) {
            ApiException said =
                    new ApiException(ApiCode.API_UNAVAILABLE, "A service that the API needs did not respond.");
            return ApiResponse.problem(said, path).with("retry-after", "5");
        }
        return ApiResponse.problem(
                new ApiException(ApiCode.API_INTERNAL, "The request failed because of a bug."), path);
    }
}
