package io.pairbatch.step;

import io.pairbatch.backend.Backend;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/// The providers that a deployment has: of no other one it holds a key.
public record DeployedProviders(Set<Backend> all) {

    /// Those of a deployment that leaves none out.
    public static final DeployedProviders ALL = of(Set.of(Backend.values()));

    public static DeployedProviders of(Collection<Backend> providers) {
        return new DeployedProviders(Collections.unmodifiableSet(new TreeSet<>(providers)));
    }

    /// Reads codes that are separated by commas.
    ///
    /// @throws IllegalArgumentException if one is no provider's
    static DeployedProviders parse(String codes) {
        return of(Arrays.stream(codes.split(",", -1)).map(Backend::of).toList());
    }

    public boolean has(Backend backend) {
        return all.contains(backend);
    }

    public boolean hasAll(Collection<Backend> backends) {
        return all.containsAll(backends);
    }

    /// Refuses a job whose provider is left out.
    ///
    /// @throws JobRejectedException `PROVIDER_NOT_DEPLOYED`
    public void require(Backend backend) {
        if (!has(backend)) {
            throw new JobRejectedException(new Problem(
                    ErrorCode.PROVIDER_NOT_DEPLOYED,
                    "the deployment's `providers`",
                    "`" + codes() + "`, without `" + backend.code() + "`, the job's `backend`",
                    "`" + Backend.codes(with(backend)) + "`"));
        }
    }

    /// As [#parse] reads them.
    String codes() {
        return Backend.codes(all);
    }

    /// These and one more, in their order.
    public Set<Backend> with(Backend backend) {
        Set<Backend> more = new TreeSet<>(all);
        more.add(backend);
        return more;
    }
}
