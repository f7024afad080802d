package io.pairbatch.cli.command;

import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.SpecNames;
import io.pairbatch.split.StandardRules;
import io.pairbatch.text.Spelling;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says which argument is wrong, in one line, and where all of them are listed.
final class WrongArguments implements CommandLine.IParameterExceptionHandler {

    /// Options that spend money are proposed to nobody who may have meant another.
    private static final Set<String> NEVER_MEANT = Set.of("--live", "--yes");

    /// The field of the job that `continue` has an option for, where every row is another word.
    private static final String LIMIT = "limit";

    private static final String SET = "--set";

    private static final StandardRules RULES = new StandardRules(Providers.itself());

    private static final Pattern TYPE = Pattern.compile(
            "Invalid value for (?:option|positional parameter)[^'(]*['(]([^')]*)[')].*?: '(.*)' is not an? (int|long|double)");
    private static final Pattern ONE_OF = Pattern.compile(
            "Invalid value for (?:option|positional parameter)[^'(]*['(]([^')]*)[')].*?: expected one of \\[(.*)]"
                    + " \\(case-insensitive\\) but was '(.*)'");
    private static final Pattern PAIR = Pattern.compile("Value for option option '([^']*)' \\((.*?)\\).* but was (.*)");

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        String said = String.valueOf(e.getMessage());
        if (said.startsWith("Missing required subcommand")) {
            command.usage(err);
            return ExitStatus.USAGE;
        }
        String words = e instanceof UnmatchedArgumentException unmatched
                        && !unmatched.getUnmatched().isEmpty()
                ? unmatched(unmatched.getUnmatched().getFirst(), args, command)
                : words(said);
        err.println("pairbatch: " + Cells.harmless(words));
        String name = command.getCommandSpec().qualifiedName();
        err.println("  " + (name.startsWith("pairbatch") ? "./" : "") + name + " --help lists what it takes.");
        err.flush();
        return ExitStatus.USAGE;
    }

    private static String unmatched(String argument, String[] args, CommandLine command) {
        boolean option = argument.startsWith("-");
        Set<String> commands = command.getSubcommands().keySet();
        if (!option && commands.isEmpty()) {
            return argument + " is one argument too many.";
        }
        Set<String> known =
                new TreeSet<>(option ? command.getCommandSpec().optionsMap().keySet() : commands);
        known.removeAll(NEVER_MEANT);
        String name = argument.replaceFirst("=.*", "");
        String none = "There is no " + (option ? "option " + name : "command " + argument)
                + (command.getParent() == null ? "." : " of " + command.getCommandName() + ".");
        boolean sets = option && command.getCommandSpec().optionsMap().containsKey(SET);
        Optional<String> field = sets ? SpecNames.ofOption(name, RULES) : Optional.empty();
        if (field.isPresent()) {
            return none + " It is a field of the job: " + setting(field.get(), argument, args);
        }
        return none
                + Spelling.nearest(name, known)
                        .or(() -> sets
                                ? SpecNames.nearOption(name, RULES).map(near -> setting(near, argument, args))
                                : Optional.empty())
                        .map(near -> " Perhaps " + near + "?")
                        .orElse("");
    }

    /// The option that sets a field to the value that was typed, if a shell would take it as it is.
    private static String setting(String field, String argument, String[] args) {
        int equals = argument.indexOf('=');
        int next = Arrays.asList(args).indexOf(argument) + 1;
        String value = equals >= 0 ? argument.substring(equals + 1) : next > 0 && next < args.length ? args[next] : "";
        if (field.equals(LIMIT) && value.equals(ContinueCommand.EVERY_ROW)) {
            return SET + " " + field + "=null";
        }
        return SET + " " + field + "=" + (value.matches("[A-Za-z0-9_.%][A-Za-z0-9_.%-]*") ? value : "VALUE");
    }

    /// What is wrong, in our words where picocli's are odd.
    private static String words(String said) {
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
        return said.endsWith(".") ? said : said + ".";
    }
}
