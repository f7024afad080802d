package io.pairbatch.collect;

import io.pairbatch.job.JobFiles;
import io.pairbatch.store.Draft;
import io.pairbatch.store.JobStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// A job's files, with those of one segment that were fetched once more in the place of the provider's. For looking
/// only.
final class FetchedFiles implements JobStore {

    private final JobStore files;
    private final Set<String> fetched;

    FetchedFiles(JobStore files, int segment) {
        this.files = files;
        this.fetched = Set.of(JobFiles.output(segment), JobFiles.errors(segment));
    }

    private String place(String name) {
        return fetched.contains(name) ? JobFiles.again(name) : name;
    }

    @Override
    public Draft create(String name) throws IOException {
        return files.create(name);
    }

    @Override
    public Optional<InputStream> open(String name, long offset) throws IOException {
        return files.open(place(name), offset);
    }

    @Override
    public long size(String name) throws IOException {
        return files.size(place(name));
    }

    @Override
    public void list(String prefix, Consumer<String> each) throws IOException {
        files.list(prefix, each);
    }

    @Override
    public void delete(String name) {
        throw new UnsupportedOperationException(name);
    }
}
