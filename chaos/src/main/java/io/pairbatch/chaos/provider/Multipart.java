package io.pairbatch.chaos.provider;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A multipart form (RFC 7578), parsed strictly.
final class Multipart {

    private Multipart() {}

    /// A part.
    ///
    /// @param filename empty for none
    @SuppressWarnings("ArrayRecordComponent")
    record Part(String name, String filename, byte[] body, int from, int to) {

        byte[] bytes() {
            return Arrays.copyOfRange(body, from, to);
        }

        String text() {
            return new String(body, from, to - from, StandardCharsets.UTF_8);
        }
    }

    /// The form's parts; empty if it is not a valid form.
    static List<Part> parts(byte[] body, String contentType) {
        int equals = contentType.indexOf("boundary=");
        if (!contentType.startsWith("multipart/form-data;") || equals < 0) {
            return List.of();
        }
        byte[] boundary = ("\r\n--" + contentType.substring(equals + 9)).getBytes(StandardCharsets.ISO_8859_1);
        if (!startsWith(body, 0, boundary, 2)) {
            return List.of();
        }
        List<Part> parts = new ArrayList<>();
        int at = boundary.length - 2;
        while (at + 2 <= body.length && body[at] == '\r' && body[at + 1] == '\n') {
            int head = indexOf(body, at, "\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            int end = head < 0 ? -1 : indexOf(body, head + 2, boundary);
            if (end < 0) {
                return List.of();
            }
            String headers = new String(body, at, head - at, StandardCharsets.UTF_8);
            parts.add(new Part(quoted(headers, "; name=\""), quoted(headers, "; filename=\""), body, head + 4, end));
            at = end + boundary.length;
        }
        boolean closed = at + 4 == body.length && new String(body, at, 4, StandardCharsets.ISO_8859_1).equals("--\r\n");
        return closed ? parts : List.of();
    }

    private static String quoted(String headers, String before) {
        int from = headers.indexOf(before);
        int to = from < 0 ? -1 : headers.indexOf('"', from + before.length());
        return to < 0 ? "" : headers.substring(from + before.length(), to);
    }

    private static int indexOf(byte[] body, int from, byte[] wanted) {
        for (int i = from; i <= body.length - wanted.length; i++) {
            if (body[i] == wanted[0] && startsWith(body, i, wanted, 0)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean startsWith(byte[] body, int at, byte[] wanted, int skip) {
        int length = wanted.length - skip;
        return at + length <= body.length && Arrays.equals(body, at, at + length, wanted, skip, wanted.length);
    }
}
