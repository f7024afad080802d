package io.pairbatch.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pairbatch.job.JobFiles;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.store.FolderStore;
import io.pairbatch.store.JobStore;
import io.pairbatch.text.Hex;
import io.pairbatch.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableDigestTest {

    private static final String TABLE = "ID1,text1,ID2,text2\r\n\u00e4,x,b,y\n";
    private static final byte[] BYTES = TABLE.getBytes(StandardCharsets.UTF_8);

    private static final TableDigest.Opener THERE = source -> new ByteArrayInputStream(BYTES);
    private static final TableDigest.Opener GONE = source -> {
        throw new JobRejectedException(new Problem(ErrorCode.INPUT_NOT_FOUND, source.key(), "nothing", "the table"));
    };

    @TempDir
    private Path folder;

    private JobStore store = new FolderStore(Path.of("unused"));

    @BeforeEach
    void useTheFolder() {
        store = new FolderStore(folder);
    }

    @Test
    void theBytesCountAsTheyWereUploaded() throws IOException {
        assertThat(digest(THERE, BYTES.length, Deadline.NONE)).isEqualTo(TableDigest.of(Hex.sha256(TABLE)));
    }

    @Test
    void theTableIsReadOnceSoThatMergingAgainWritesTheSame() throws IOException {
        TableDigest first = digest(THERE, BYTES.length, Deadline.NONE);
        assertThat(digest(GONE, BYTES.length, Deadline.NONE)).isEqualTo(first);
    }

    @Test
    void aTableThatIsGoneStaysSoInTheSummary() throws IOException {
        TableDigest gone = digest(GONE, BYTES.length, Deadline.NONE);
        assertThat(gone.sha256()).isNull();
        assertThat(gone.missing()).contains("gone");
        assertThat(digest(THERE, BYTES.length, Deadline.NONE)).isEqualTo(gone);
    }

    @Test
    void aStreamThatEndsEarlyIsAnOutageAndNotTheTable() throws IOException {
        assertThatThrownBy(() -> digest(THERE, BYTES.length + 1, Deadline.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ended after " + BYTES.length);
        assertThat(store.size(JobFiles.TABLE_DIGEST)).isNegative();
    }

    @Test
    void aTableThatTakesTooLongIsNotReadToItsEnd() throws IOException {
        Instant start = Instant.parse("2026-11-22T17:00:00Z");
        long[] seconds = {0};
        Clock clock = new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return start.plusSeconds(seconds[0]);
            }
        };
        long[] read = {0};
        TableDigest.Opener slow = source -> new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                read[0] += length;
                seconds[0]++;
                return length;
            }
        };
        TableDigest digest = digest(slow, Long.MAX_VALUE, new Deadline(start.plusSeconds(3_000), clock));
        assertThat(digest.sha256()).isNull();
        assertThat(digest.missing()).isEqualTo("reading all of it took too long");
        assertThat(seconds[0]).isBetween(1_500L, 3_000L);
    }

    private TableDigest digest(TableDigest.Opener table, long size, Deadline deadline) throws IOException {
        ResolvedJob.Source source = new ResolvedJob.Source("b", "inbox/a/pairs.csv", "v1", "e", size);
        return TableDigest.of(source, table, store, deadline);
    }
}
