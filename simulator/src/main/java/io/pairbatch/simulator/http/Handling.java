package io.pairbatch.simulator.http;

import io.pairbatch.simulator.fault.Fault;
import io.pairbatch.simulator.fault.Faults;
import java.io.IOException;
import java.util.List;

/// Carries out operations under the active faults.
public final class Handling {

    /// Carries out an operation.
    @FunctionalInterface
    public interface Work {

        /// Carries it out. A batch that it creates keeps `laid`, the faults for the batch.
        Reply run(List<Fault> laid) throws IOException;
    }

    /// Sends the operation's response; a `cut` below 1 breaks off a download.
    @FunctionalInterface
    public interface Reply {

        void send(double cut) throws IOException;
    }

    private final Faults faults;

    public Handling(Faults faults) {
        this.faults = faults;
    }

    /// Carries out an operation; sends no response if a fault drops the connection.
    public void run(Exchange exchange, Fault.Call call, Work work) throws IOException {
        List<Fault> striking = faults.strike(call);
        List<Fault> laid =
                striking.stream().filter(fault -> !fault.onExchange()).toList();
        Fault fault = striking.stream().filter(Fault::onExchange).findFirst().orElse(null);
        String action = fault == null ? "" : fault.action();
        if (fault == null) {
            work.run(laid).send(1);
            return;
        }
        switch (action) {
            case "drop_before" -> {}
            case "drop_after" -> work.run(laid);
            case "status" -> refuse(exchange, fault);
            case "status_after" -> {
                work.run(laid);
                refuse(exchange, fault);
            }
            case "hang" -> {
                sleep(fault);
                work.run(laid).send(1);
            }
            case "hang_after" -> {
                Reply reply = work.run(laid);
                sleep(fault);
                reply.send(1);
            }
            default -> work.run(laid).send(fault.number("fraction", 0.5));
        }
    }

    private static void refuse(Exchange exchange, Fault fault) throws IOException {
        String wait = fault.rule().has("retry_after")
                ? fault.rule().path("retry_after").asString("")
                : null;
        exchange.reply(exchange.api().outage(fault.status(), fault.text("message"), fault.text("code")), wait);
    }

    private static void sleep(Fault fault) throws IOException {
        pause((long) (fault.number("seconds", 3600) * 1000));
    }

    public static void pause(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the simulator is closing", e);
        }
    }
}
