using System.Globalization;
using System.Text.RegularExpressions;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Dispatch.Learning;

/// <summary>A limit, and when it was learned.</summary>
internal sealed partial record LearnedRecord(LearnedLimit Limit, DateTimeOffset Learned)
{
    private const int MaxReason = 200;

    // What a guest needs changes with its work, so it is tried again after a while. Pressing a guest that crashed is riskier.
    private static readonly TimeSpan AfterStop = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan AfterCrash = TimeSpan.FromDays(7);

    public bool Expired(DateTimeOffset now) => now - Learned is var age && (age < TimeSpan.Zero || age > (Limit.Crashed ? AfterCrash : AfterStop));

    public static LearnedRecord? Parse(string? text) =>
        text is not null && Grammar().Match(text) is { Success: true } match
        && long.TryParse(match.Groups["footprint"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var footprint)
        && DateTimeOffset.TryParse(match.Groups["at"].ValueSpan, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? new LearnedRecord(new LearnedLimit(new Kib(footprint), match.Groups["reason"].Value) { Crashed = match.Groups["why"].Value == "crash" }, at)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"footprint={Limit.Footprint.Value} why={(Limit.Crashed ? "crash" : "stop")} at={Learned.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} reason={Printable.Of(Limit.Reason, MaxReason)}");

    [GeneratedRegex(@"^footprint=(?<footprint>[0-9]{1,15}) why=(?<why>crash|stop) at=(?<at>\S+) reason=(?<reason>.*)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();
}
