using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Actors.Sdk;

namespace Actors.Dispatch.State;

/// <summary>
/// The one value in which the host answers: <c>outcome=… actor=… step=… target=… footprint=… since=… serial=… via=… engaged=… reason="…"</c>.
/// While a run is under way, the outcome is <c>running</c>; for an actor that is not ours, <c>external</c>.
/// </summary>
internal sealed partial record StateKey
{
    public const string Running = "running";
    public const string External = "external";
    public const string Reached = "reached";
    public const string Failed = "failed";

    public required string Outcome { get; init; }
    public string Actor { get; init; } = "";
    public int Step { get; init; }
    public Kib? Target { get; init; }
    public Kib? Footprint { get; init; }
    public required DateTimeOffset Since { get; init; }
    public required long Serial { get; init; }

    /// <summary>The actor key that led here; whom to release when it changes, even after a restart.</summary>
    public string Via { get; init; } = "";

    /// <summary>The actors that hold something on the domain, in the order in which they took it.</summary>
    public IReadOnlyList<string> Engaged { get; init; } = [];
    public string Reason { get; init; } = "";

    public bool Final => Outcome != Running;

    public static string Word(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Reached => Reached,
        OutcomeKind.Short => "short",
        OutcomeKind.Unable => "unable",
        OutcomeKind.Superseded => "superseded",
        OutcomeKind.Quarantined => "quarantined",
        _ => "failed",
    };

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"outcome={Outcome} actor={Or(Actor)} step={Step} target={Amount(Target)} ");
        text.Append(CultureInfo.InvariantCulture, $"footprint={Amount(Footprint)} since={Since.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} serial={Serial} ");
        text.Append(CultureInfo.InvariantCulture, $"via={Or(Escape(Via).Replace(' ', '_'))} engaged={Or(string.Join(',', Engaged))} ");
        // A value and its path must fit into one message of 4096 bytes.
        return text.Append(CultureInfo.InvariantCulture, $"reason=\"{Escape(Reason.Length <= MaxReason ? Reason : Reason[..MaxReason])}\"").ToString();
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
            Via = Field("via"),
            Engaged = Field("engaged").Split(',', StringSplitOptions.RemoveEmptyEntries),
            Reason = Unescape(match.Groups["reason"].Value),
        };
    }

    private const int MaxReason = 2000;

    private static string Or(string text) => text.Length == 0 ? "-" : text;

    private static string Amount(Kib? amount) => amount?.Value.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Escape(string text) =>
        new([.. text.SelectMany<char, char>(c => c is '"' or '\\' ? ['\\', c] : char.IsControl(c) ? [' '] : [c])]);

    private static string Unescape(string text) => Escaped().Replace(text, "$1");

    [GeneratedRegex(@"^outcome=(?<outcome>[a-z]+) actor=(?<actor>\S+) step=(?<step>\d{1,9}) target=(?<target>-|\d{1,18}) footprint=(?<footprint>-|\d{1,18}) since=(?<since>\S+) serial=(?<serial>\d{1,18}) via=(?<via>\S+) engaged=(?<engaged>\S+) reason=""(?<reason>.*)""\z", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Grammar();

    [GeneratedRegex(@"\\(.)", RegexOptions.Singleline)]
    private static partial Regex Escaped();
}
