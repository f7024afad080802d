package io.pairbatch.collect;

import io.pairbatch.job.RetryableException;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.provider.RefusedException;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.store.Draft;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Downloads files of the provider, unchanged.
final class Download {

    private Download() {}

    /// Makes a call to the provider.
    @FunctionalInterface
    interface Caller {

        InputStream call(Account.Call<InputStream> call) throws RefusedException;
    }

    /// Downloads a file to S3, if there is one.
    ///
    /// @param caller with the key that may read it
    /// @param refused receives the file's ID and the provider's message if the provider refuses the download
    static void to(OpenJob job, Caller caller, @Nullable String fileId, String name, Map<String, String> refused)
            throws IOException {
        if (fileId == null) {
            return;
        }
        int attempts = job.resolved().spec().polling().openaiMaxRetries();
        for (int attempt = 1; ; attempt++) {
            try (InputStream in = caller.call(at -> at.provider().download(fileId));
                    Draft draft = job.store().create(name)) {
                in.transferTo(draft);
                draft.commit();
                return;
            } catch (RefusedException e) {
                switch (e.kind()) {
                    case KEY ->
                        throw new JobRejectedException(new Problem(
                                ErrorCode.KEY_REFUSED,
                                "the provider, downloading " + name,
                                e.describe(),
                                "a key that it accepts"));
                    case LATER ->
                        throw new RetryableException("the provider does not give " + name + ": " + e.describe(), e);
                    case NOT_FOUND, REQUEST -> refused.put(fileId, e.describe());
                }
                return;
            } catch (IOException e) {
                if (attempt >= attempts) {
                    throw new RetryableException("the download of " + name + " broke off", e);
                }
            }
        }
    }
}
