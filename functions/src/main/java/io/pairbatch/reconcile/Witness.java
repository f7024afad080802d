package io.pairbatch.reconcile;

import io.pairbatch.provider.BatchStatus;
import io.pairbatch.registry.AccountRegistry;
import io.pairbatch.registry.AccountRegistry.Known;
import java.time.Instant;
import java.util.Optional;

/// Searches a provider's list for a batch that we recorded and did not delete: it shows that the list is real, and up
/// to what time it is complete. A list that lags, or an empty one from a gateway, shows none.
final class Witness {

    /// Newest first, so the first known ones are the best.
    private static final int LOOKED_UP = 50;

    private final AccountRegistry accounts;
    private final String account;
    private final Instant doubtOver;
    private int lookedUp;
    private Strength strength = Strength.NONE;

    /// What a list that does not show a batch proves.
    enum Strength {
        /// Nothing.
        NONE,
        /// It shows batches of ours, all older than the doubt.
        OLD,
        /// It shows one that was requested after the create in doubt was over.
        NEW
    }

    /// @param doubtOver when nobody can be sending the create in doubt any more
    Witness(AccountRegistry accounts, String account, Instant doubtOver) {
        this.accounts = accounts;
        this.account = account;
        this.doubtOver = doubtOver;
    }

    /// Checks one batch of the list.
    void see(BatchStatus batch) {
        if (strength == Strength.NEW || lookedUp >= LOOKED_UP) {
            return;
        }
        lookedUp++;
        Optional<Known> known = accounts.known(account, batch.id());
        if (known.isPresent()) {
            Instant intended = known.get().intendedAt();
            strength = intended != null && intended.isAfter(doubtOver) ? Strength.NEW : Strength.OLD;
        }
    }

    Strength strength() {
        return strength;
    }
}
