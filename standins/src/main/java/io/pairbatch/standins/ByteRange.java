package io.pairbatch.standins;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A part of an object's bytes.
record ByteRange(long from, long length) {

    private static final Pattern ASKED = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
    private static final Pattern COPIED = Pattern.compile("bytes=(\\d{1,18})-(\\d{1,18})");

    /// The range that a GET requests: `bytes=a-`, `bytes=a-b` or `bytes=-n`.
    ///
    /// @return null if it is none of these: the service would send the whole object
    static @Nullable ByteRange asked(String header, long size) {
        Matcher matcher = ASKED.matcher(header);
        if (!matcher.matches() || header.equals("bytes=-")) {
            return null;
        }
        if (matcher.group(1).isEmpty()) {
            long last = Math.min(size, Long.parseLong(matcher.group(2)));
            if (last == 0) {
                throw unsatisfiable();
            }
            return new ByteRange(size - last, last);
        }
        long from = Long.parseLong(matcher.group(1));
        long to = matcher.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(matcher.group(2));
        if (to < from) {
            return null;
        }
        if (from >= size) {
            throw unsatisfiable();
        }
        return new ByteRange(from, Math.min(to, size - 1) - from + 1);
    }

    /// The range that a part copy requests: only `bytes=a-b`, within the source.
    static ByteRange copied(String header, long size) {
        Matcher matcher = COPIED.matcher(header);
        if (!matcher.matches()) {
            throw Refusals.invalidArgument(
                    "The x-amz-copy-source-range value must be of the form bytes=first-last where"
                            + " first and last are the zero-based offsets of the first and last bytes to copy");
        }
        long from = Long.parseLong(matcher.group(1));
        long to = Long.parseLong(matcher.group(2));
        if (to < from || to >= size) {
            throw Refusals.invalidArgument("Range specified is not valid for source object of size: " + size);
        }
        return new ByteRange(from, to - from + 1);
    }

    private static RuntimeException unsatisfiable() {
        return Refusals.refusal(
                Refusals.RANGE_NOT_SATISFIABLE, "InvalidRange", "The requested range is not satisfiable");
    }

    String contentRange(long size) {
        return "bytes " + from + "-" + (from + length - 1) + "/" + size;
    }
}
