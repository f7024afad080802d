package io.pairbatch.simulator.openai;

import io.pairbatch.simulator.http.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a `multipart/form-data` body part by part (RFC 7578). Keeps 64 kB in memory, whatever the size of a part.
final class Multipart {

    private static final Pattern BOUNDARY = Pattern.compile("boundary=(?:\"([^\"]+)\"|([^;\\s]+))");
    private static final Pattern NAME = Pattern.compile("[; ]name=(?:\"([^\"]*)\"|([^;\\s]+))");
    private static final Pattern FILENAME = Pattern.compile("filename=(?:\"([^\"]*)\"|([^;\\s]+))");
    private static final int LONGEST_FIELD = 1 << 16;

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] window = new byte[1 << 16];
    private int at;
    private int end;
    private boolean exhausted;
    private String name = "";
    private String filename = "";

    Multipart(InputStream in, String contentType) {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data") || !boundary.find()) {
            throw malformed();
        }
        this.in = in;
        this.delimiter = ("\r\n--" + firstGroup(boundary)).getBytes(StandardCharsets.ISO_8859_1);
        // The first delimiter has no line break before it; with one added, all delimiters look the same.
        window[0] = '\r';
        window[1] = '\n';
        end = 2;
    }

    static RefusedException malformed() {
        return OpenAiError.invalid(
                        "Could not parse multipart form. The request must be a multipart/form-data upload.", null, null)
                .refused();
    }

    /// Moves to the next part and skips the rest of this one; false after the last part.
    boolean next() throws IOException {
        copyTo(OutputStream.nullOutputStream());
        at += delimiter.length;
        ensure(2);
        if (window[at] == '-' && window[at + 1] == '-') {
            return false;
        }
        readHeaders();
        return true;
    }

    String name() {
        return name;
    }

    /// Empty when the part is a plain field.
    String filename() {
        return filename;
    }

    /// The part's value, at most 64 kB.
    String text() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        copyTo(new Bounded(out));
        return out.toString(StandardCharsets.UTF_8);
    }

    /// Writes the part's content; may be called once per part.
    void copyTo(OutputStream out) throws IOException {
        while (true) {
            int found = find();
            if (found >= 0) {
                out.write(window, at, found - at);
                at = found;
                return;
            }
            int safe = Math.max(at, end - delimiter.length + 1);
            out.write(window, at, safe - at);
            at = safe;
            fill();
        }
    }

    private int find() {
        int last = end - delimiter.length;
        for (int i = at; i <= last; i++) {
            if (window[i] == '\r' && matches(i)) {
                return i;
            }
        }
        return -1;
    }

    private boolean matches(int from) {
        for (int i = 1; i < delimiter.length; i++) {
            if (window[from + i] != delimiter[i]) {
                return false;
            }
        }
        return true;
    }

    private void readHeaders() throws IOException {
        name = "";
        filename = "";
        String line = readLine();
        if (!line.isBlank()) {
            throw malformed();
        }
        for (line = readLine(); !line.isEmpty(); line = readLine()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
                Matcher names = NAME.matcher(line);
                name = names.find() ? firstGroup(names) : "";
                Matcher filenames = FILENAME.matcher(line);
                filename = filenames.find() ? firstGroup(filenames) : "";
            }
        }
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            ensure(1);
            char c = (char) (window[at++] & 0xff);
            if (c == '\n') {
                return line.toString().stripTrailing();
            }
            if (line.length() > 8192) {
                throw malformed();
            }
            line.append(c);
        }
    }

    private void ensure(int bytes) throws IOException {
        while (end - at < bytes) {
            fill();
        }
    }

    private void fill() throws IOException {
        if (exhausted) {
            throw malformed();
        }
        System.arraycopy(window, at, window, 0, end - at);
        end -= at;
        at = 0;
        int read = in.read(window, end, window.length - end);
        exhausted = read < 0;
        if (exhausted) {
            throw malformed();
        }
        end += read;
    }

    private static String firstGroup(Matcher matcher) {
        String quoted = matcher.group(1);
        if (quoted != null) {
            return quoted;
        }
        String bare = matcher.group(2);
        return bare == null ? "" : bare;
    }

    private static final class Bounded extends OutputStream {

        private final ByteArrayOutputStream out;

        Bounded(ByteArrayOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            if (out.size() + length > LONGEST_FIELD) {
                throw malformed();
            }
            out.write(bytes, from, length);
        }
    }
}
