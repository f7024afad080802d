package io.pairbatch.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pairbatch.cli.stack.LocalStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the suites start can be reached from this machine only. Linux's tables of sockets say who listens where.
@Tag(OnLocalStack.ONLY)
class LoopbackIT {

    /// A line of `/proc/net/tcp`: the own address in hexadecimal, the state, where `0A` is listening, and the inode.
    private static final Pattern LISTENS =
            Pattern.compile("\\s*\\d+: ([0-9A-F]+):[0-9A-F]{4} \\S+ 0A(?:\\s+\\S+){5}\\s+(\\d+) .*");

    /// 127.0.0.1, the same written as IPv6, and ::1, in the machine's order of bytes.
    private static final Set<String> LOOPBACK =
            Set.of("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000");

    @BeforeAll
    static void canTell() {
        assumeTrue(Files.isReadable(Path.of("/proc/net/tcp")), "skipped: only Linux has tables of sockets");
        assumeTrue(LocalStack.isOwn(), "skipped: this LocalStack was started by somebody else");
    }

    @Test
    void nothingListensBeyondTheLoopbackInterface() {
        TestStack.shared();
        Set<String> own = new HashSet<>();
        ProcessHandle.current().descendants().forEach(process -> own.addAll(sockets(process)));

        List<String> addresses = Stream.of("tcp", "tcp6")
                .flatMap(name -> lines(Path.of("/proc/net", name)))
                .map(LISTENS::matcher)
                .filter(line -> line.matches() && own.contains(line.group(2)))
                .map(line -> line.group(1))
                .toList();

        // LocalStack, DynamoDB Local and the simulator at least.
        assertThat(addresses).hasSizeGreaterThanOrEqualTo(3);
        assertThat(LOOPBACK).containsAll(addresses);
    }

    /// The inodes of a process's sockets; none if it has ended meanwhile.
    private static Set<String> sockets(ProcessHandle process) {
        Set<String> inodes = new HashSet<>();
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            for (Path file : open.toList()) {
                String target = Files.readSymbolicLink(file).toString();
                if (target.startsWith("socket:[")) {
                    inodes.add(target.replaceAll("\\D", ""));
                }
            }
        } catch (IOException e) {
            return inodes;
        }
        return inodes;
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
