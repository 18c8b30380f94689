using Actors.Chains.Model;
using Actors.Sdk.Text;

namespace Actors.Chains.Yaml;

/// <summary>What a policy says under <c>on_short</c>: <c>stay</c>, <c>release</c> or <c>retry 5m</c>.</summary>
internal static class OnShortText
{
    public const string Expected = "stay, release or retry DURATION";

    private const string Stay = "stay";
    private const string Release = "release";
    private const string Retry = "retry";

    // Sooner, it would not be another attempt but the same one.
    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(1);

    // Other words that people have for these.
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
            [Retry] => (OnShort.Stay, "how long to wait is missing: retry 5m"),
            [Retry, var after] => After(after),
            _ => (OnShort.Stay, $"expected {Expected}{Meant(words)}"),
        };
    }

    private static (OnShort, string?) After(string text)
    {
        var (after, error) = DurationText.Parse(text);
        if (error is null && after < Soonest)
            error = $"the wait is too short: {DurationText.Format(Soonest)} at least";
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
