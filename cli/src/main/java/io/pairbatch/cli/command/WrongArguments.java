package io.pairbatch.cli.command;

import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.view.Cells;
import java.io.PrintWriter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says which argument is wrong, in one line, and where all of them are listed.
final class WrongArguments implements CommandLine.IParameterExceptionHandler {

    private static final Pattern TYPE = Pattern.compile(
            "Invalid value for (?:option|positional parameter)[^'(]*['(]([^')]*)[')].*?: '(.*)' is not an? (int|long|double)");
    private static final Pattern ONE_OF = Pattern.compile(
            "Invalid value for (?:option|positional parameter)[^'(]*['(]([^')]*)[')].*?: expected one of \\[(.*)]"
                    + " \\(case-insensitive\\) but was '(.*)'");
    private static final Pattern PAIR = Pattern.compile("Value for option option '([^']*)' \\((.*?)\\).* but was (.*)");
    private static final Pattern UNMATCHED = Pattern.compile("Unmatched arguments? (?:at index|from index) \\d+: (.*)");

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        String said = String.valueOf(e.getMessage());
        if (said.startsWith("Missing required subcommand")) {
            command.usage(err);
            return ExitStatus.USAGE;
        }
        err.println("pairbatch: "
                + Cells.harmless(words(said, !command.getSubcommands().isEmpty())));
        List<String> like = e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        if (!like.isEmpty()) {
            err.println("  Did you mean " + String.join(" or ", like) + "?");
        }
        String name = command.getCommandSpec().qualifiedName();
        err.println("  " + (name.startsWith("pairbatch") ? "./" : "") + name + " --help lists what it takes.");
        err.flush();
        return ExitStatus.USAGE;
    }

    /// What is wrong, in our words where picocli's are odd.
    static String words(String said, boolean commands) {
        Matcher type = TYPE.matcher(said);
        if (type.find()) {
            String number = type.group(3).equals("double") ? "a number" : "a whole number";
            return type.group(1) + " is \"" + type.group(2) + "\"; expected " + number + ".";
        }
        Matcher oneOf = ONE_OF.matcher(said);
        if (oneOf.find()) {
            return oneOf.group(1) + " is \"" + oneOf.group(3) + "\"; expected one of "
                    + oneOf.group(2).toLowerCase(java.util.Locale.ROOT) + ".";
        }
        Matcher pair = PAIR.matcher(said);
        if (pair.find()) {
            return pair.group(1) + " is \"" + pair.group(3) + "\"; expected " + pair.group(2) + ".";
        }
        Matcher unmatched = UNMATCHED.matcher(said);
        if (unmatched.find()) {
            return (commands ? "There is no command " : "Too many arguments: ") + unmatched.group(1) + ".";
        }
        return said.endsWith(".") ? said : said + ".";
    }
}
