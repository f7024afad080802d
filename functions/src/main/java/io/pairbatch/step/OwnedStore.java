package io.pairbatch.step;

import io.pairbatch.registry.Fence;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.registry.TakenOverException;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.Lanes;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

/// The files of a job in one call of a function. A call may outlive its execution, and another one may have ended the
/// job meanwhile. So whoever changes a file later than a minute after the job was known to be this call's looks again:
/// else answers that were to be deleted would be there once more, or parts of a merge for ever.
final class OwnedStore implements JobStore {

    /// Less than another execution needs to end the job: it waits as long before it reads a batch.
    private static final Duration SURE = Duration.ofMinutes(1);

    private final JobStore files;
    private final JobRegistry registry;
    private final Fence fence;
    private volatile Instant known;

    /// @param fence of the call, which has the job now
    OwnedStore(JobStore files, JobRegistry registry, Fence fence) {
        this.files = files;
        this.registry = registry;
        this.fence = fence;
        this.known = registry.now();
    }

    /// @throws TakenOverException if the job is not this call's any more, or is done
    private void look() {
        Instant now = registry.now();
        if (now.isBefore(known.plus(SURE))) {
            return;
        }
        try {
            if (registry.require(fence).state() == JobState.DONE) {
                throw new TakenOverException("job " + fence.jobId() + " is done");
            }
        } catch (FencedException e) {
            throw new TakenOverException(String.valueOf(e.getMessage()));
        }
        known = now;
    }

    @Override
    public Draft create(String name) throws IOException {
        return new OwnedDraft(files.create(name));
    }

    @Override
    public Optional<InputStream> open(String name, long offset) throws IOException {
        return files.open(name, offset);
    }

    @Override
    public long size(String name) throws IOException {
        return files.size(name);
    }

    @Override
    public void list(String prefix, Consumer<String> each) throws IOException {
        files.list(prefix, each);
    }

    @Override
    public void sizes(String prefix, ObjLongConsumer<String> each) throws IOException {
        files.sizes(prefix, each);
    }

    @Override
    public void delete(String name) throws IOException {
        look();
        files.delete(name);
    }

    @Override
    public boolean putNew(String name, byte[] bytes) throws IOException {
        look();
        return files.putNew(name, bytes);
    }

    private final class OwnedDraft extends Draft {

        private final Draft draft;

        OwnedDraft(Draft draft) {
            this.draft = draft;
        }

        @Override
        public void write(int b) throws IOException {
            draft.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            draft.write(bytes, offset, length);
        }

        @Override
        public void append(String name, long offset, long length) throws IOException {
            draft.append(name, offset, length);
        }

        @Override
        public void append(List<Piece> pieces, Lanes lanes) throws IOException {
            draft.append(pieces, lanes);
        }

        @Override
        public void flush() throws IOException {
            draft.flush();
        }

        @Override
        public void commit() throws IOException {
            look();
            draft.commit();
        }

        @Override
        public void close() throws IOException {
            draft.close();
        }
    }
}
