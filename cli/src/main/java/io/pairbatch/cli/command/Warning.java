package io.pairbatch.cli.command;

import io.pairbatch.cli.doctor.FaultText;
import io.pairbatch.cli.view.Console;

/// What a command goes on in spite of, although it will probably end in an error.
final class Warning {

    private Warning() {}

    static void print(Console console, String what) {
        console.out().flush();
        FaultText.wrapped("warning: " + what, console.width(), 0).forEach(console.err()::println);
        console.err().flush();
    }
}
