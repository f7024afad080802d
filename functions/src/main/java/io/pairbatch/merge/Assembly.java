package io.pairbatch.merge;

import io.pairbatch.job.JobFiles;
import io.pairbatch.merge.ShareWriter.Share;
import io.pairbatch.store.Draft;
import io.pairbatch.store.GzipMember;
import io.pairbatch.store.JobStore;
import io.pairbatch.store.Lanes;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// Puts the job's files together from the shares of its segments. Where a file has many of them, stretches are put
/// together first, each a file under `merging/`, and then the file from its stretches. So calls run side by side, no
/// upload has too many parts, and whoever goes on after a pause or a death begins with what is not there yet. The bytes
/// are the same either way.
final class Assembly {

    private static final String DONE = "done";

    private final JobStore store;
    private final ShareWriter writer;
    private final Pace pace;
    private final String folder;
    private final Deadline deadline;
    private final AtomicInteger begun = new AtomicInteger();

    /// @param key the same for the same shares, and for no others
    /// @param deadline when the call ends
    Assembly(JobStore store, ShareWriter writer, Pace pace, String key, Deadline deadline) {
        this.store = store;
        this.writer = writer;
        this.pace = pace;
        this.folder = JobFiles.MERGING + key + "/";
        this.deadline = deadline;
    }

    /// A file of the job.
    ///
    /// @param header its first line
    /// @param shares those that follow, in their order
    record JobFile(String name, String header, List<Share> shares) {}

    /// Shares of one file that are put together in one go.
    private record Stretch(String file, String name, List<Share> shares) {}

    /// Puts the files together, or goes on with it.
    ///
    /// @return false if time was up: then the next call goes on
    boolean assemble(List<JobFile> files) throws IOException {
        Map<String, List<Stretch>> cut = new HashMap<>();
        files.forEach(file -> cut.put(file.name(), stretches(file)));
        if (cut.values().stream().allMatch(stretches -> stretches.size() <= 1)) {
            pace.drafts().each(files, file -> write(file, List.of(), Map.of()), file -> {});
            return true;
        }
        Map<String, Long> before = there();
        List<JobFile> open =
                files.stream().filter(file -> !before.containsKey(done(file))).toList();
        List<Stretch> missing = open.stream()
                .map(file -> cut.getOrDefault(file.name(), List.of()))
                .filter(stretches -> stretches.size() > 1)
                .flatMap(List::stream)
                .filter(stretch -> !before.containsKey(stretch.name()))
                .toList();
        if (!all(missing, this::write)) {
            return false;
        }
        Map<String, Long> sizes = there();
        return all(open, file -> {
            write(file, cut.getOrDefault(file.name(), List.of()), sizes);
            store.putNew(done(file), new byte[] {'\n'});
        });
    }

    private Map<String, Long> there() throws IOException {
        Map<String, Long> sizes = new HashMap<>();
        store.sizes(folder, sizes::put);
        return sizes;
    }

    private String done(JobFile file) {
        return folder + file.name() + '/' + DONE;
    }

    private List<Stretch> stretches(JobFile file) {
        List<Stretch> stretches = new ArrayList<>();
        List<Share> shares = new ArrayList<>();
        long mapped = 0;
        for (Share share : file.shares()) {
            long size = share.mapped() ? share.size() : 0;
            if (!shares.isEmpty() && (shares.size() == pace.shares() || mapped + size > pace.mapped())) {
                stretches.add(stretch(file, shares));
                shares.clear();
                mapped = 0;
            }
            shares.add(share);
            mapped += size;
        }
        if (!shares.isEmpty()) {
            stretches.add(stretch(file, shares));
        }
        return stretches;
    }

    private Stretch stretch(JobFile file, List<Share> shares) {
        String name = String.format(
                Locale.ROOT,
                "%s%s/%06d-%06d",
                folder,
                file.name(),
                shares.getFirst().segment(),
                shares.getLast().segment());
        return new Stretch(file.name(), name, List.copyOf(shares));
    }

    /// A piece of the work.
    @FunctionalInterface
    private interface Piece<T> {

        void put(T what) throws IOException;
    }

    private <T> boolean all(List<T> pieces, Piece<T> put) throws IOException {
        boolean[] all = {true};
        pace.drafts()
                .each(
                        pieces,
                        piece -> {
                            boolean inTime =
                                    begun.getAndIncrement() < pace.atLeast() || deadline.allows(pace.reserve());
                            if (inTime) {
                                put.put(piece);
                            }
                            return inTime;
                        },
                        inTime -> all[0] &= inTime);
        return all[0];
    }

    private void write(Stretch stretch) throws IOException {
        try (Draft draft = store.create(stretch.name())) {
            writer.append(draft, stretch.shares(), pace.drafts());
            draft.commit();
        }
    }

    private JobFile write(JobFile file, List<Stretch> stretches, Map<String, Long> sizes) throws IOException {
        try (Draft draft = store.create(file.name())) {
            byte[] header = file.header().getBytes(StandardCharsets.UTF_8);
            if (file.name().endsWith(".gz")) {
                try (GzipMember member = new GzipMember(draft)) {
                    member.write(header);
                    member.finish();
                }
            } else {
                draft.write(header);
            }
            if (stretches.size() > 1) {
                draft.append(pieces(stretches, sizes), pace.calls());
            } else {
                writer.append(draft, file.shares(), Lanes.ONE);
            }
            draft.commit();
        }
        return file;
    }

    private static List<Draft.Piece> pieces(List<Stretch> stretches, Map<String, Long> sizes) throws IOException {
        List<Draft.Piece> pieces = new ArrayList<>();
        for (Stretch stretch : stretches) {
            Long size = sizes.get(stretch.name());
            if (size == null) {
                throw new IOException(stretch.name() + " was there and is gone: another merge has ended");
            }
            pieces.add(new Draft.Piece(stretch.name(), 0, size));
        }
        return pieces;
    }
}
