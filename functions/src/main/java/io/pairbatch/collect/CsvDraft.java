package io.pairbatch.collect;

import io.pairbatch.results.Table;
import io.pairbatch.store.Draft;
import io.pairbatch.store.GzipMember;
import io.pairbatch.store.JobStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A CSV file being written to the job's folder, gzipped if its name says so. Buffers one line.
final class CsvDraft<T> implements Closeable {

    private static final int KEPT_CAPACITY = 1 << 20;

    private final Table<T> table;
    private final Draft draft;
    private final @Nullable GzipMember member;
    private StringBuilder line = new StringBuilder();

    CsvDraft(JobStore store, String name, Table<T> table) throws IOException {
        this.table = table;
        this.draft = store.create(name);
        this.member = name.endsWith(".gz") ? new GzipMember(draft) : null;
    }

    void header() throws IOException {
        table.header(line);
        flushLine();
    }

    void row(T row) throws IOException {
        table.row(line, row);
        flushLine();
    }

    void commit() throws IOException {
        if (member != null) {
            member.finish();
        }
        draft.commit();
    }

    @Override
    public void close() throws IOException {
        if (member != null) {
            member.close();
        }
        draft.close();
    }

    private void flushLine() throws IOException {
        byte[] bytes = line.toString().getBytes(StandardCharsets.UTF_8);
        if (member == null) {
            draft.write(bytes);
        } else {
            member.write(bytes);
        }
        if (line.capacity() > KEPT_CAPACITY) {
            line = new StringBuilder();
        }
        line.setLength(0);
    }
}
