package io.pairbatch.api;

import io.pairbatch.api.ApiException.Detail;
import io.pairbatch.claim.SpecCheck;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.spec.JobSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What can be said of an order without its table.
///
/// @param specs as the claim will read them
/// @param bucket the deployment's own
record OrderCheck(SpecCheck specs, String bucket) {

    /// Users' uploads, and a place for tables that are only submitted over the API.
    private static final List<String> SOURCES = List.of("inbox/", "tables/");

    /// The specification of an order.
    ///
    /// @throws ApiException with all problems of the request and its specification together
    JobSpec check(Order order) throws IOException {
        List<Detail> problems = new ArrayList<>(order.problems());
        Set<String> named = specs.filesNamed(order.spec());
        for (String file : order.files().keySet()) {
            if (!named.contains(file)) {
                problems.add(Order.wrong("files", "`" + file + "`, which `spec` does not name", "files that it names"));
            }
        }
        if (named.contains(order.table())) {
            problems.add(Order.wrong("file", "the name of the prompt template", "another name"));
        }
        JobSpec spec = null;
        try {
            spec = specs.check(order.spec(), file -> beside(order.files(), file));
        } catch (JobRejectedException e) {
            e.problems().stream().map(Detail::of).forEach(problems::add);
        }
        if (spec == null || !problems.isEmpty()) {
            throw ApiException.invalid(problems);
        }
        return spec;
    }

    private static Optional<InputStream> beside(Map<String, String> files, String name) {
        @Nullable String text = files.get(name);
        return text == null
                ? Optional.empty()
                : Optional.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// Refuses a table that no caller may name.
    void allowed(Order.Source source) {
        if (!source.bucket().equals(bucket)) {
            throw new ApiException(ApiCode.API_SOURCE_NOT_ALLOWED, "The bucket does not belong to this deployment.");
        }
        if (SOURCES.stream().noneMatch(prefix -> source.key().startsWith(prefix))) {
            throw new ApiException(
                    ApiCode.API_SOURCE_NOT_ALLOWED,
                    "The key does not begin with " + String.join(" or ", SOURCES) + ".");
        }
    }
}
