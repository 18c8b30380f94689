using Actors.Chains.Model;
using Actors.Sdk.Text;

namespace Actors.Chains.Yaml;

/// <summary>Parses the value of <c>on_short</c>: <c>stay</c>, <c>release</c> or <c>retry 5m</c>.</summary>
internal static class OnShortText
{
    public const string Expected = "stay, release or retry DURATION";

    private const string Stay = "stay";
    private const string Release = "release";
    private const string Retry = "retry";

    // An earlier retry would only repeat the same attempt.
    private static readonly TimeSpan MinRetry = TimeSpan.FromSeconds(1);

    // Other words that people use for these values.
    private static readonly Dictionary<string, string> Synonyms = new()
    {
        ["keep"] = Stay,
        ["hold"] = Stay,
        ["restore"] = Release,
        ["undo"] = Release,
        ["rollback"] = Release,
        ["again"] = $"{Retry} 5m",
    };

    public static (OnShort Value, string? Error) Parse(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            [Stay] => (OnShort.Stay, null),
            [Release] => (new OnShort(Release: true, RetryAfter: null), null),
            [Retry] => (OnShort.Stay, "the time to wait is missing: retry 5m"),
            [Retry, var after] => After(after),
            _ => (OnShort.Stay, $"expected {Expected}{Meant(words)}"),
        };
    }

    private static (OnShort, string?) After(string text)
    {
        var (after, error) = DurationText.Parse(text);
        if (error is null && after < MinRetry)
            error = $"the wait is too short: at least {DurationText.Format(MinRetry)}";
        return (new OnShort(Release: false, RetryAfter: after), error);
    }

    private static string Meant(string[] words)
    {
        if (words.Length == 0)
            return "";
        var meant = Synonyms.GetValueOrDefault(words[0].ToLowerInvariant()) ?? Suggestion.For(words[0], [Stay, Release, Retry]);
        return meant is null ? "" : $" (did you mean '{meant}'?)";
    }
}
