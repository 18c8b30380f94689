using System.Globalization;
using System.Text.RegularExpressions;
using Actors.Sdk;

namespace Actors.Tmem;

/// <summary>The text after <c>tmem:</c> in an actor key: a cap, a weight, both, or neither. Pure.</summary>
/// <param name="Cap">The most that the pools may ever hold, even if the target would allow more.</param>
/// <param name="Weight">The domain's weight relative to other domains with ephemeral pages.</param>
internal sealed partial record TmemArgument(Kib? Cap, int? Weight)
{
    public const string Grammar = "tmem[:cap=SIZE][,weight=NUMBER], SIZE with its unit (64MiB, 1GiB, 512KiB)";

    /// <summary>The argument, or <see langword="null"/> and an error message.</summary>
    public static (TmemArgument? Argument, string Error) Parse(string text)
    {
        Kib? cap = null;
        int? weight = null;
        foreach (var setting in text.Length == 0 ? [] : text.Split(','))
        {
            var (name, value) = setting.Split('=', 2) is [var left, var right] ? (left, right) : (setting, "");
            if (name == "cap" && cap is null && Size(value) is { } size)
                cap = size;
            else if (name == "weight" && weight is null && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                weight = number;
            else
                return (null, $"'{setting}' in the actor key is malformed or repeated: expected {Grammar}");
        }
        return (new TmemArgument(cap, weight), "");
    }

    private static Kib? Size(string text)
    {
        var match = SizeGrammar().Match(text);
        if (!match.Success)
            return null;
        var number = long.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);
        return match.Groups["unit"].Value switch
        {
            "KiB" => new Kib(number),
            "MiB" => Kib.FromMiB(number),
            _ => Kib.FromGiB(number),
        };
    }

    [GeneratedRegex(@"^(?<number>[0-9]{1,9})(?<unit>KiB|MiB|GiB)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex SizeGrammar();
}
