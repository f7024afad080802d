package io.pairbatch.job;

import java.util.OptionalLong;

/// The ID of a request as the provider sees it: `<8 hex of the job>-<comparison number>`. It reveals no participant's
/// ID to a provider, is valid and unique everywhere, and joins a result with its row without a lookup table.
///
/// @param job the job's token, 8 lower-case hex digits
/// @param comparison the input row's number (1-based), since each row is judged once
public record WireId(String job, long comparison) {

    public WireId {
        if (job.length() != 8 || comparison < 1) {
            throw new IllegalArgumentException("not a wire ID: " + job + "-" + comparison);
        }
    }

    /// The comparison number in `text` if it is an ID of this job, written exactly as we write it.
    public static OptionalLong comparisonOf(String job, String text) {
        if (text.length() < 10 || text.length() > 27 || !text.startsWith(job) || text.charAt(8) != '-') {
            return OptionalLong.empty();
        }
        long number = 0;
        for (int i = 9; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || (i == 9 && c == '0')) {
                return OptionalLong.empty();
            }
            number = number * 10 + (c - '0');
        }
        return OptionalLong.of(number);
    }

    @Override
    public String toString() {
        return job + "-" + comparison;
    }
}
