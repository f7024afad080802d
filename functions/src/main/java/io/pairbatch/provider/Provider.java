package io.pairbatch.provider;

import io.pairbatch.backend.Backend;
import io.pairbatch.provider.Answer.Tokens;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.OptionsReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Everything that is particular to a provider, but for what the stack and the command line know too ([Backend]). What
/// most of them have in common is the default.
public interface Provider {

    /// Its place in the list of providers.
    Backend backend();

    /// Reads the options of its jobs.
    OptionsReader options();

    /// The names of models that are certainly its own.
    Pattern models();

    /// Its models that are known by name.
    KnownModels known();

    /// The provider as the service that it is.
    Service itself();

    /// The service with this code that speaks its protocol.
    default Optional<Service> service(String code) {
        return Optional.of(itself()).filter(service -> service.code().equals(code));
    }

    /// Whether each model has a queue of its own; else there is one for the whole account.
    default boolean queuesByModel() {
        return true;
    }

    /// Whether the R package's batches carry no ids, so that an answer is known by its place among all of its batch
    /// (contract 2).
    default boolean answersByPlace() {
        return false;
    }

    /// How many tokens a queue takes at once, where the provider says so as it refuses a batch.
    ///
    /// @param says its words
    default OptionalLong queueLimit(String says) {
        return OptionalLong.empty();
    }

    /// Whether a batch that is stopped gives the answers that it has by then, which are billed in any case.
    default boolean answersOfStopped() {
        return true;
    }

    /// How long a batch may take until it expires.
    default Duration window() {
        return Duration.ofDays(1);
    }

    /// What a batch that did not run to its end leaves as the detail of its pairs (contract 7.7).
    ///
    /// @param status the provider's word for its end
    default String endOfBatch(String status) {
        return "Batch status: " + status;
    }

    /// What an answer's tokens are charged as; null when that cannot be told from them.
    @Nullable
    Charge charge(Tokens tokens);

    /// How many tokens one answer is charged for as output at most; empty if nothing in the request limits that.
    ///
    /// @param spec a specification that its format does not object to
    OptionalLong outputCap(JobSpec spec);

    /// The columns of the results that only some providers have.
    Columns columns();

    /// Tokens by their price.
    ///
    /// @param fresh input at the full price
    /// @param read input from the provider's cache
    /// @param written input that was written to the cache as well
    record Charge(long fresh, long read, long written, long output) {

        /// Of input and output where what is read from the cache is among the input.
        public static @Nullable Charge cacheAmongInput(Tokens tokens, @Nullable Long output) {
            Long prompt = tokens.prompt();
            if (prompt == null || output == null) {
                return null;
            }
            long read = Math.min(orZero(tokens.cached()), prompt);
            return new Charge(prompt - read, read, 0, output);
        }

        /// The whole input.
        public long input() {
            return fresh + read + written;
        }

        /// A count that was left out is zero.
        public static long orZero(@Nullable Long count) {
            return count == null ? 0 : count;
        }
    }

    /// A provider's own columns, by the place where they stand (contract 6.1 and 7.6).
    ///
    /// @param afterStatus after `status_code`
    /// @param afterThoughts after `thoughts`
    /// @param afterTokens after `total_tokens`
    /// @param additions after `provider_error`
    record Columns(
            List<AnswerColumn> afterStatus,
            List<AnswerColumn> afterThoughts,
            List<AnswerColumn> afterTokens,
            List<AnswerColumn> additions) {}
}
