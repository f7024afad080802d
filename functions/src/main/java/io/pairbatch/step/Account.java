package io.pairbatch.step;

import io.pairbatch.provider.BatchProvider;
import io.pairbatch.provider.RefusedException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A provider opened with one of the deployment's keys.
///
/// @param window identifies what shares the provider's limit for enqueued work: provider, key fingerprint and, if the
/// limit is per model, the model
/// @param other opens the provider with the next key that may be the right one: the current secret, then its previous
/// version; empty once all have been tried
public record Account(BatchProvider provider, String window, Supplier<Optional<Account>> other) {

    /// An account without another key.
    public Account(BatchProvider provider, String window) {
        this(provider, window, Optional::empty);
    }

    /// A call that is safe to repeat.
    @FunctionalInterface
    public interface Call<T> {

        /// Makes the call with one account.
        T on(Account account) throws RefusedException;
    }

    /// Makes a call that is safe to repeat, and repeats it with another key if the key is refused.
    public <T> T call(Call<T> call) throws RefusedException {
        Account at = this;
        while (true) {
            try {
                return call.on(at);
            } catch (RefusedException e) {
                Optional<Account> next = e.kind() == RefusedException.Kind.KEY ? at.other.get() : Optional.empty();
                if (next.isEmpty()) {
                    throw e;
                }
                at = next.get();
            }
        }
    }

    /// The response to a call.
    ///
    /// @param by the account whose key was used
    public record Answered<T>(T answer, Account by) {}

    /// Makes a call that is safe to repeat, starting with the key that created the object in question: another key may
    /// belong to a project that cannot see it.
    ///
    /// @param maker null if unknown
    public <T> Answered<T> callAs(@Nullable String maker, Call<T> call) throws RefusedException {
        Optional<Account> own = maker == null ? Optional.empty() : of(maker);
        if (own.isPresent()) {
            try {
                return new Answered<>(call.on(own.get()), own.get());
            } catch (RefusedException e) {
                if (e.kind() != RefusedException.Kind.KEY) {
                    throw e;
                }
            }
        }
        return call(at -> new Answered<>(call.on(at), at));
    }

    /// This account, or the one with another key, that matches `maker`; empty if there is none.
    public Optional<Account> of(String maker) {
        Optional<Account> at = Optional.of(this);
        while (at.isPresent() && !at.get().window.equals(maker)) {
            at = at.get().other.get();
        }
        return at;
    }
}
