package io.pairbatch.provider;

import io.pairbatch.problem.FieldProblem;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.ProviderOptions;
import java.io.InputStream;
import java.util.List;

/// What a provider is sent and what it writes, without a word on how it gets there (contract 4 and 6).
public interface ProviderFormat {

    /// How much one batch may hold.
    BatchLimits limits();

    /// Everything about these options that requests to this model cannot hold.
    List<FieldProblem> problems(String model, ProviderOptions options);

    /// What is sent otherwise than the options say, in sentences.
    List<String> notices(String model, ProviderOptions options);

    /// The requests of a job.
    ///
    /// @param spec a specification that [#problems] does not object to
    /// @param token the job's token on the wire
    RequestWriter requests(JobSpec spec, String token);

    /// Reads one line of an output or error file: a stream that ends where the line ends. It is not closed, and may not
    /// be read to its end. What is held is the answer's texts.
    Reading read(InputStream line);
}
