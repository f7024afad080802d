package io.pairbatch.api;

import io.pairbatch.api.ApiException.Detail;
import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.spec.SpecLayer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// The body of a POST: one JSON object of 1 MiB at most, each field once.
final class ApiBody {

    private static final int MOST = 1 << 20;

    private ApiBody() {}

    static ObjectNode parsed(ApiRequest request) {
        String type = request.header("content-type");
        if (type == null || !type.strip().toLowerCase(Locale.ROOT).matches("application/json\\s*(;.*)?")) {
            throw new ApiException(ApiCode.API_MEDIA_TYPE, "The body must be application/json.");
        }
        byte[] body = request.body().getBytes(StandardCharsets.UTF_8);
        if (body.length > MOST) {
            throw new ApiException(ApiCode.API_BODY_TOO_LARGE, "The body is larger than 1 MiB.");
        }
        try {
            return SpecLayer.parse("the request", new ByteArrayInputStream(body))
                    .fields();
        } catch (JobRejectedException e) {
            Problem problem = e.problems().getFirst();
            throw ApiException.invalid(
                    List.of(Detail.of(ApiCode.API_NOT_JSON, problem.where(), problem.found(), problem.expected())));
        } catch (IOException e) {
            throw new RetryableException("the body could not be read", e);
        }
    }
}
