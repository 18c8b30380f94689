using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Actors.Sdk;

namespace Actors.Dispatch.State;

/// <summary>
/// The value of the key in which the host publishes a domain's state:
/// <c>outcome=… actor=… step=… target=… footprint=… since=… serial=… via=… engaged=… reason="…"</c>, with <c>balloon=…</c> before the reason
/// if an actor has written <c>memory/target</c>, and <c>thrashing=…</c> if the guest keeps bringing paged-out pages back in.
/// While a run is in progress the outcome is <c>running</c>; for an external actor it is <c>external</c>. The guest may read this key, so
/// the reason in it is empty; <see cref="StateStore"/> keeps the reason in a key of its own.
/// </summary>
internal sealed partial record StateKey
{
    public const string Running = "running";
    public const string External = "external";
    public const string Reached = "reached";
    public const string Short = "short";
    public const string Unable = "unable";
    public const string Superseded = "superseded";
    public const string Failed = "failed";
    public const string Quarantined = "quarantined";

    /// <summary>The target was reached earlier, or may have been, but the domain is no longer there, or no longer ours.</summary>
    public const string Drifted = "drifted";

    private const int MaxActorBytes = 256;
    private const int MaxEngagedBytes = 1500;

    public required string Outcome { get; init; }
    public string Actor { get; init; } = "";
    public int Step { get; init; }
    public Kib? Target { get; init; }
    public Kib? Footprint { get; init; }
    public required DateTimeOffset Since { get; init; }
    public required long Serial { get; init; }

    /// <summary>The actor key of the run. If it differs from the current one, even after a restart, the engaged actors must be released.</summary>
    public string Via { get; init; } = "";

    /// <summary>The actors that hold something on the domain, in the order in which they took it.</summary>
    public IReadOnlyList<string> Engaged { get; init; } = [];
    public string Reason { get; init; } = "";

    /// <summary>The value that actors last wrote to <c>memory/target</c>; <see langword="null"/> if they have not written it.</summary>
    public Kib? BalloonTarget { get; init; }

    /// <summary>The page-ins per second if the guest thrashes; otherwise 0.</summary>
    public long PageIns { get; init; }

    public bool Final => Outcome != Running;

    public static string NameOf(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Reached => Reached,
        OutcomeKind.Short => Short,
        OutcomeKind.Unable => Unable,
        OutcomeKind.Superseded => Superseded,
        OutcomeKind.Quarantined => Quarantined,
        _ => Failed,
    };

    /// <summary>One line that fits into one message of xenstore.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"outcome={Outcome} actor={Or(StoreText.Fit(Actor, MaxActorBytes))} step={Step} target={Amount(Target)} ");
        text.Append(CultureInfo.InvariantCulture, $"footprint={Amount(Footprint)} since={Since.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} serial={Serial} ");
        text.Append(CultureInfo.InvariantCulture, $"via={Or(EncodeVia(Via))} engaged={Or(Names(Engaged))} ");
        text.Append(CultureInfo.InvariantCulture, $"{(BalloonTarget is { } written ? $"balloon={written.Value} " : "")}{(PageIns > 0 ? $"thrashing={PageIns} " : "")}");
        var room = StoreText.MaxBytes - Encoding.UTF8.GetByteCount(text.ToString()) - "reason=\"\"".Length;
        return text.Append(CultureInfo.InvariantCulture, $"reason=\"{StoreText.FitEscaped(Reason, room)}\"").ToString();
    }

    public static StateKey? Parse(string? text)
    {
        if (text is null || Grammar().Match(text) is not { Success: true } match)
            return null;
        string Field(string name) => match.Groups[name].Value is "-" ? "" : match.Groups[name].Value;
        Kib? Size(string name) => long.TryParse(Field(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? new Kib(value) : null;
        return new StateKey
        {
            Outcome = Field("outcome"),
            Actor = Field("actor"),
            Step = int.Parse(Field("step"), CultureInfo.InvariantCulture),
            Target = Size("target"),
            Footprint = Size("footprint"),
            Since = DateTimeOffset.TryParse(Field("since"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since) ? since : default,
            Serial = long.Parse(Field("serial"), CultureInfo.InvariantCulture),
            Via = Encoded().Replace(Field("via"), letter => ((char)Convert.ToByte(letter.Groups[1].Value, 16)).ToString()),
            Engaged = Field("engaged").Split(',', StringSplitOptions.RemoveEmptyEntries),
            BalloonTarget = Size("balloon"),
            PageIns = long.TryParse(Field("thrashing"), NumberStyles.None, CultureInfo.InvariantCulture, out var rate) ? rate : 0,
            Reason = StoreText.Fit(Escaped().Replace(match.Groups["reason"].Value, "$1"), StoreText.MaxBytes),
        };
    }

    private static string Or(string text) => text.Length == 0 ? "-" : text;

    private static string Amount(Kib? amount) => amount?.Value.ToString(CultureInfo.InvariantCulture) ?? "-";

    // An actor key is printable ASCII. It must be read back unchanged, or a restart would look like a new actor key.
    private static string EncodeVia(string via) => via.Replace("%", "%25", StringComparison.Ordinal).Replace(" ", "%20", StringComparison.Ordinal);

    // If there are too many, the actors that came last are kept: they are the first to be released.
    private static string Names(IReadOnlyList<string> engaged)
    {
        var bytes = 0;
        return string.Join(',', engaged.Reverse().TakeWhile(name => (bytes += Encoding.UTF8.GetByteCount(name) + 1) <= MaxEngagedBytes).Reverse());
    }

    [GeneratedRegex(@"^outcome=(?<outcome>[a-z]+) actor=(?<actor>\S+) step=(?<step>[0-9]{1,9}) target=(?<target>-|[0-9]{1,18}) footprint=(?<footprint>-|[0-9]{1,18}) since=(?<since>\S+) serial=(?<serial>[0-9]{1,18}) via=(?<via>\S+) engaged=(?<engaged>\S+)( balloon=(?<balloon>[0-9]{1,18}))?( thrashing=(?<thrashing>[0-9]{1,9}))? reason=""(?<reason>.*)""\z", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Grammar();

    [GeneratedRegex("%(2[05])")]
    private static partial Regex Encoded();

    [GeneratedRegex(@"\\(.)", RegexOptions.Singleline)]
    private static partial Regex Escaped();
}
