using System.Globalization;
using System.Text.RegularExpressions;
using Actors.Sdk;

namespace Actors.Dispatch.Retries;

/// <summary>
/// The value of the key in which the host keeps what a domain waits for, so that a restart changes neither the order nor the pauses:
/// <c>target=… lacks=… memory=… since=… last=… attempts=… changes=… every=…</c>, amounts in KiB, <c>every</c> in seconds.
/// </summary>
internal static partial class WaitingText
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    private static readonly (LackKinds Kind, string Name)[] Names =
    [
        (LackKinds.HostMemory, "host-memory"), (LackKinds.BalloonDriver, "balloon-driver"), (LackKinds.GuestMemory, "guest-memory"),
        (LackKinds.DomainState, "domain-state"), (LackKinds.MaxMem, "max-mem"), (LackKinds.Time, "time"),
        (LackKinds.Actor, "actor"),
    ];

    /// <summary>The names of everything that was missing.</summary>
    public static IReadOnlyList<string> NamesOf(LackKinds kinds) => [.. Names.Where(name => kinds.HasFlag(name.Kind)).Select(name => name.Name)];

    public static string Of(Waiting waiting) => string.Create(
        CultureInfo.InvariantCulture,
        $"target={waiting.Target.Value} lacks={Or(string.Join(',', NamesOf(waiting.Lack.Kinds)))} memory={waiting.Lack.HostMemory.Value} since={Time(waiting.Since)} last={Time(waiting.Last)} attempts={waiting.Attempts} changes={waiting.Changes} every={Or($"{waiting.Every?.TotalSeconds:0.###}")}");

    /// <summary>Parses the value strictly: <see langword="null"/> unless <see cref="Of"/> could have written it.</summary>
    public static Waiting? Parse(string? text)
    {
        if (text is null || Grammar().Match(text) is not { Success: true } match)
            return null;
        string Field(string name) => match.Groups[name].Value;
        int Number(string name) => int.Parse(Field(name), CultureInfo.InvariantCulture);
        if (KindsOf(Field("lacks")) is not { } kinds || TimeOf(Field("since")) is not { } since || TimeOf(Field("last")) is not { } last)
            return null;
        var memory = new Kib(long.Parse(Field("memory"), CultureInfo.InvariantCulture));
        return new Waiting(new Kib(long.Parse(Field("target"), CultureInfo.InvariantCulture)), new Lack(kinds) { HostMemory = memory }, since)
        {
            Last = last,
            Attempts = Number("attempts"),
            Changes = Number("changes"),
            Every = Field("every") is "-" ? null : TimeSpan.FromTicks((long)(decimal.Parse(Field("every"), CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond)),
        };
    }

    private static LackKinds? KindsOf(string text)
    {
        var kinds = LackKinds.None;
        foreach (var name in text is "-" ? [] : text.Split(','))
        {
            if (Names.FirstOrDefault(known => known.Name == name) is not { Name: not null } known || kinds.HasFlag(known.Kind))
                return null;
            kinds |= known.Kind;
        }
        return kinds;
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static DateTimeOffset? TimeOf(string text) => DateTimeOffset.TryParseExact(
        text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    private static string Or(string text) => text.Length == 0 ? "-" : text;

    [GeneratedRegex(@"^target=(?<target>[0-9]{1,18}) lacks=(?<lacks>-|[a-z,-]{1,200}) memory=(?<memory>[0-9]{1,18}) since=(?<since>\S{24}) last=(?<last>\S{24}) attempts=(?<attempts>[0-9]{1,9}) changes=(?<changes>[0-9]{1,9}) every=(?<every>-|[0-9]{1,9}(\.[0-9]{1,3})?)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();
}
