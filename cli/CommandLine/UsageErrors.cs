using System.CommandLine;
using System.CommandLine.Parsing;
using Actors.Sdk.Text;

namespace Actors.Cli.CommandLine;

/// <summary>Explains what is wrong with a command line, and what the user probably meant.</summary>
internal static class UsageErrors
{
    private const int LongestWord = 64;

    public static IReadOnlyList<string> Of(ParseResult arguments)
    {
        if (arguments.Errors.Count == 0)
            return [];
        var command = arguments.CommandResult.Command;
        if (command.Subcommands.Count > 0)
            return [arguments.UnmatchedTokens is [var word, ..] ? Unknown(command, word) : $"a command is missing: {Names(command)}"];
        var unknown = arguments.UnmatchedTokens.Select(word => Unknown(command, word)).ToList();
        var others = arguments.Errors.Where(error => !arguments.UnmatchedTokens.Any(word => error.Message.Contains($"'{word}'", StringComparison.Ordinal)));
        return [.. unknown.Concat(others.Select(error => Printable.Of(error.Message))).Distinct()];
    }

    /// <summary>How the command is used, on one line.</summary>
    public static string Usage(ParseResult arguments)
    {
        var command = arguments.CommandResult.Command;
        var words = new List<string>();
        for (SymbolResult? result = arguments.CommandResult; result is CommandResult part; result = part.Parent)
            words.Insert(0, part.Command is RootCommand ? "actors" : part.Command.Name);
        var path = string.Join(' ', words);
        words.AddRange(command.Subcommands.Count > 0
            ? ["COMMAND"]
            : command.Arguments.Select(argument => argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : argument.Name));
        return $"usage: {string.Join(' ', words)} [options]; '{path} --help' shows more";
    }

    private static string Unknown(Command command, string word)
    {
        var isOption = word.StartsWith('-');
        var known = isOption ? command.Options.Select(option => option.Name) : command.Subcommands.Select(other => other.Name);
        var what = isOption ? "there is no option" : command.Subcommands.Count > 0 ? "there is no command" : "unexpected argument";
        var shown = $"{what} '{Printable.Of(word, LongestWord)}'";
        return Suggestion.For(word, known) is { } meant ? $"{shown}; did you mean '{meant}'?"
            : command.Subcommands.Count > 0 && !isOption ? $"{shown}: {Names(command)}" : shown;
    }

    private static string Names(Command command) => string.Join(", ", command.Subcommands.Select(other => other.Name));
}
