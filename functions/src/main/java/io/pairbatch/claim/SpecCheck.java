package io.pairbatch.claim;

import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.JobSpecReader;
import io.pairbatch.spec.SpecFiles;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.spec.SpecRules;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.s3.S3Client;

/// Checks a specification as the claim will, including the stack's library and defaults, before anything is dropped.
public final class SpecCheck {

    private final Inbox inbox;
    private final SpecRules builtIn;
    private final SpecLayer stackDefaults;

    public SpecCheck(S3Client s3, String bucket, SpecRules builtIn, SpecLayer stackDefaults) {
        this.inbox = new Inbox(s3, bucket);
        this.builtIn = builtIn;
        this.stackDefaults = stackDefaults;
    }

    /// The names of files that belong to the specification if they are beside it.
    public Set<String> filesNamed(SpecLayer spec) {
        return reader().filesNamed(List.of(spec, stackDefaults));
    }

    /// The specification as it would be claimed.
    ///
    /// @throws io.pairbatch.problem.JobRejectedException with all problems
    public JobSpec check(SpecLayer spec, SpecFiles files) throws IOException {
        return reader().read(List.of(spec, stackDefaults), files);
    }

    private JobSpecReader reader() {
        return new JobSpecReader(new StackRules(inbox::small, builtIn));
    }
}
