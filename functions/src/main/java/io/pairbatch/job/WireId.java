package io.pairbatch.job;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The ID of a request as the provider sees it: `<8 hex of the job>-<comparison number>`, with `-r<attempt>` behind it
/// from the second attempt on. It reveals no participant's ID to a provider, is valid and unique everywhere, and joins
/// a result with its row and its attempt without a lookup table.
///
/// @param job the job's token, 8 lower-case hex digits
/// @param comparison the input row's number (1-based), since each row is judged once
/// @param attempt 1 for the first attempt at the comparison
public record WireId(String job, long comparison, int attempt) {

    /// As we write it: without leading zeros, and without `-r1`.
    private static final Pattern WRITTEN =
            Pattern.compile("([0-9a-f]{8})-([1-9]\\d{0,17})(?:-r([2-9]|[1-9]\\d{1,3}))?");

    public WireId {
        if (job.length() != 8 || comparison < 1 || attempt < 1) {
            throw new IllegalArgumentException("not a wire ID: " + job + "-" + comparison + "-r" + attempt);
        }
    }

    /// The ID in `text`, if it is one of this job, written exactly as we write it.
    public static Optional<WireId> of(String job, String text) {
        Matcher id = WRITTEN.matcher(text);
        if (!id.matches() || !id.group(1).equals(job)) {
            return Optional.empty();
        }
        int attempt = id.group(3) == null ? 1 : Integer.parseInt(id.group(3));
        return Optional.of(new WireId(job, Long.parseLong(id.group(2)), attempt));
    }

    @Override
    public String toString() {
        return job + "-" + comparison + (attempt == 1 ? "" : "-r" + attempt);
    }
}
