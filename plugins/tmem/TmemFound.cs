using System.Globalization;
using System.Text.RegularExpressions;
using Actors.Sdk;

namespace Actors.Tmem;

/// <summary>
/// How the pools were managed before this actor first touched them, so that a release can undo it. Kept in xenstore, because the host
/// may be another process by then.
/// </summary>
internal sealed partial record TmemFound(bool Frozen, Kib? Cap, int Weight)
{
    public const string Key = "memory-policy/tmem/found";

    public static TmemFound Of(TmemPools pools) => new(pools.Frozen, pools.Cap, pools.Weight);

    /// <summary><see langword="null"/> when it is absent, or not what <see cref="ToString"/> writes.</summary>
    public static TmemFound? Parse(string? text)
    {
        var match = Form().Match(text ?? "");
        if (!match.Success)
            return null;
        long? Number(string name) =>
            match.Groups[name] is { Success: true } group ? long.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : null;
        return new TmemFound(match.Groups["frozen"].Value == "1", Number("cap") is { } cap ? new Kib(cap) : null, (int)Number("weight")!);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"frozen={(Frozen ? 1 : 0)} cap={(Cap is { } cap ? cap.Value : "none")} weight={Weight}");

    [GeneratedRegex(@"^frozen=(?<frozen>[01]) cap=(none|(?<cap>[0-9]{1,18})) weight=(?<weight>[0-9]{1,9})\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
