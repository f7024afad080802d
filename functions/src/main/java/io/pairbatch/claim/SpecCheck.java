package io.pairbatch.claim;

import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.JobSpecReader;
import io.pairbatch.spec.SpecFiles;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.spec.SpecRules;
import io.pairbatch.step.DeployedProviders;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.s3.S3Client;

/// Checks a specification as the claim will, including the stack's library and defaults, before anything is dropped.
public final class SpecCheck {

    private final Inbox inbox;
    private final SpecRules builtIn;
    private final SpecLayer stackDefaults;
    private final DeployedProviders providers;

    /// @param providers those of the deployment
    public SpecCheck(
            S3Client s3, String bucket, SpecRules builtIn, SpecLayer stackDefaults, DeployedProviders providers) {
        this.inbox = new Inbox(s3, bucket);
        this.builtIn = builtIn;
        this.stackDefaults = stackDefaults;
        this.providers = providers;
    }

    /// The names of files that belong to the specification if they are beside it.
    public Set<String> filesNamed(SpecLayer spec) {
        return reader().filesNamed(List.of(spec, stackDefaults));
    }

    /// The specification as it would be claimed.
    ///
    /// @throws io.pairbatch.problem.JobRejectedException with all problems
    public JobSpec check(SpecLayer spec, SpecFiles files) throws IOException {
        JobSpec checked = reader().read(List.of(spec, stackDefaults), files);
        checked.backends().forEach(providers::require);
        return checked;
    }

    private JobSpecReader reader() {
        return new JobSpecReader(new StackRules(inbox::small, builtIn));
    }
}
