package io.pairbatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanesTest {

    private final List<Integer> numbers = IntStream.range(0, 100).boxed().toList();
    private final List<Integer> results = new ArrayList<>();

    @Test
    void resultsComeInTheOrderOfTheItemsHoweverLongEachTakes() throws IOException {
        CountDownLatch others = new CountDownLatch(7);
        new Lanes(8)
                .each(
                        numbers,
                        number -> {
                            if (number == 0) {
                                await(others);
                            } else {
                                others.countDown();
                            }
                            return number * 2;
                        },
                        results::add);
        assertThat(results).isEqualTo(numbers.stream().map(n -> n * 2).toList());
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /// Would never end with fewer.
    @Test
    void asManyAreUnderWayAsThereAreLanes() throws IOException {
        CyclicBarrier all = new CyclicBarrier(4);
        new Lanes(4)
                .each(
                        numbers,
                        number -> {
                            try {
                                all.await();
                                return number;
                            } catch (InterruptedException | BrokenBarrierException e) {
                                throw new IOException(e);
                            }
                        },
                        results::add);
        assertThat(results).hasSize(100);
    }

    @Test
    void theFirstFailureIsPassedOnAsItIs() {
        for (Lanes lanes : List.of(Lanes.ONE, new Lanes(8))) {
            results.clear();
            assertThatThrownBy(() -> lanes.each(
                            numbers,
                            number -> {
                                if (number >= 50) {
                                    throw new IOException("at " + number);
                                }
                                return number;
                            },
                            results::add))
                    .isInstanceOf(IOException.class)
                    .hasMessage("at 50");
            assertThat(results).hasSize(50);
        }
    }

    @Test
    void oneLaneIsTheCallersThread() throws IOException {
        Thread caller = Thread.currentThread();
        Lanes.ONE.each(numbers, number -> Thread.currentThread() == caller ? number : -1, results::add);
        assertThat(results).isEqualTo(numbers);
    }
}
