package io.pairbatch.collect;

import io.pairbatch.provider.Answer;
import io.pairbatch.text.Unicode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Answers on disk, to be read back in another order than they arrived: a temporary file that is deleted on close. It
/// holds only the parts that results need, which is less than the provider's file. Each record links to an earlier one,
/// so that all answers to one pair form a chain. Buffers 64 KiB and the answer being read.
final class AnswerSpool implements Closeable {

    /// The link of a record that has no earlier one.
    static final long NONE = -1;

    private final Path file;
    private final FileChannel channel;
    private final DataOutputStream out;
    private long end;

    private AnswerSpool(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        this.out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), 64 << 10));
    }

    static AnswerSpool create() throws IOException {
        return new AnswerSpool(Files.createTempFile("answers", ".spool"));
    }

    /// An answer, the line that it was read from if it is kept, and the record before it in its chain.
    record Spooled(Answer answer, @Nullable String raw, long earlier) {}

    /// Appends the answer and returns its place. Its wire ID is not kept. Must be called before the first [#read].
    long write(Answer answer, @Nullable String raw, long earlier) throws IOException {
        long place = end;
        out.writeLong(earlier);
        end += Long.BYTES;
        writeText(answer.model());
        writeText(answer.objectType());
        writeNumber(answer.statusCode() == null ? null : Long.valueOf(answer.statusCode()));
        writeText(answer.resultType());
        writeText(answer.errorMessage());
        writeText(answer.thoughts());
        writeText(answer.thoughtSignature());
        writeText(answer.content());
        writeNumber(answer.tokens().prompt());
        writeNumber(answer.tokens().completion());
        writeNumber(answer.tokens().total());
        writeNumber(answer.tokens().cached());
        writeNumber(answer.tokens().cacheCreation());
        writeNumber(answer.tokens().reasoning());
        writeText(answer.providerError());
        writeText(answer.finishReason());
        writeText(answer.refusal());
        writeText(raw);
        return place;
    }

    /// The answer at a place that [#write] returned.
    Spooled read(long place) throws IOException {
        out.flush();
        channel.position(place);
        DataInputStream in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), 8 << 10));
        long earlier = in.readLong();
        Answer answer = new Answer(
                null,
                readText(in),
                readText(in),
                toInteger(readNumber(in)),
                readText(in),
                readText(in),
                readText(in),
                readText(in),
                readText(in),
                new Answer.Tokens(
                        readNumber(in), readNumber(in), readNumber(in), readNumber(in), readNumber(in), readNumber(in)),
                readText(in),
                readText(in),
                readText(in));
        return new Spooled(answer, readText(in), earlier);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }

    private void writeText(@Nullable String text) throws IOException {
        byte[] bytes = text == null ? new byte[0] : Unicode.wellFormed(text).getBytes(StandardCharsets.UTF_8);
        out.writeInt(text == null ? -1 : bytes.length);
        out.write(bytes);
        end += Integer.BYTES + bytes.length;
    }

    private void writeNumber(@Nullable Long number) throws IOException {
        // Counts are never negative.
        out.writeLong(number == null ? Long.MIN_VALUE : number);
        end += Long.BYTES;
    }

    private static @Nullable String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length < 0 ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static @Nullable Long readNumber(DataInputStream in) throws IOException {
        long number = in.readLong();
        return number == Long.MIN_VALUE ? null : Long.valueOf(number);
    }

    private static @Nullable Integer toInteger(@Nullable Long number) {
        return number == null ? null : Integer.valueOf(Math.toIntExact(number));
    }
}
