using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Actors.Sdk.Text;

namespace Actors.Cli.CommandLine;

/// <summary>Options and arguments whose values are checked before a command runs.</summary>
internal static class CheckedOptions
{
    private const int LongestValue = 64;

    /// <summary>A whole number within limits.</summary>
    public static Option<int> Number(string name, int min, int max, int byDefault) => new(name)
    {
        DefaultValueFactory = _ => byDefault,
        CustomParser = argument =>
        {
            var text = argument.Tokens is [var token, ..] ? token.Value : "";
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
                return value;
            argument.AddError($"{name} '{Shown(text)}': expected a whole number from {min} to {max}");
            return byDefault;
        },
    };

    /// <summary>A time in seconds, which may be left out: <see langword="null"/>.</summary>
    public static Option<TimeSpan?> Seconds(string name, TimeSpan max) => new(name)
    {
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = argument =>
        {
            if (argument.Tokens is not [var token, ..])
                return null;
            if (double.TryParse(token.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                && seconds >= 0 && seconds <= max.TotalSeconds)
            {
                return TimeSpan.FromSeconds(seconds);
            }
            argument.AddError($"{name} '{Shown(token.Value)}': expected a number of seconds up to {max.TotalSeconds:0}");
            return null;
        },
    };

    /// <summary>One of a few words; <see langword="null"/> when the option is not given.</summary>
    public static Option<T?> Choice<T>(string name, IReadOnlyDictionary<string, T> choices) where T : struct => new(name)
    {
        CustomParser = argument =>
        {
            var text = argument.Tokens is [var token, ..] ? token.Value : "";
            if (choices.TryGetValue(text, out var value))
                return value;
            argument.AddError($"{name} '{Shown(text)}': expected {string.Join(" or ", choices.Keys)}");
            return null;
        },
    };

    /// <summary>Rejects empty values and values with characters that no path can have.</summary>
    public static TOption AsPath<TOption>(this TOption option) where TOption : Option
    {
        option.Validators.Add(result => CheckPath(result, option.Name));
        return option;
    }

    /// <summary>Rejects empty values and values with characters that no path can have.</summary>
    public static Argument<T> AsPath<T>(this Argument<T> argument)
    {
        argument.Validators.Add(result => CheckPath(result, argument.Name));
        return argument;
    }

    private static void CheckPath(SymbolResult result, string name)
    {
        foreach (var token in result.Tokens)
        {
            if (token.Value.Length == 0 || token.Value.Contains('\0', StringComparison.Ordinal))
                result.AddError($"{name} '{Shown(token.Value)}': expected a path");
        }
    }

    private static string Shown(string text) => Printable.Of(text, LongestValue);
}
