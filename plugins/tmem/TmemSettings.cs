using System.Globalization;
using System.Text.RegularExpressions;
using Actors.Sdk;

namespace Actors.Tmem;

/// <summary>
/// The settings of the pools before this actor first changed them; a release restores them. They are kept in xenstore, because the release
/// may be handled by another host process.
/// </summary>
internal sealed partial record TmemSettings(bool Frozen, Kib? Cap, int Weight)
{
    public const string Key = "memory-policy/tmem/found";

    public static TmemSettings Of(TmemPools pools) => new(pools.Frozen, pools.Cap, pools.Weight);

    /// <summary>Reads what <see cref="ToString"/> writes. The result is <see langword="null"/> if the text is absent or malformed.</summary>
    public static TmemSettings? Parse(string? text)
    {
        var match = Form().Match(text ?? "");
        if (!match.Success)
            return null;
        long? Number(string name) =>
            match.Groups[name] is { Success: true } group ? long.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : null;
        return new TmemSettings(match.Groups["frozen"].Value == "1", Number("cap") is { } cap ? new Kib(cap) : null, (int)Number("weight")!);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"frozen={(Frozen ? 1 : 0)} cap={(Cap is { } cap ? cap.Value : "none")} weight={Weight}");

    [GeneratedRegex(@"^frozen=(?<frozen>[01]) cap=(none|(?<cap>[0-9]{1,18})) weight=(?<weight>[0-9]{1,9})\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
