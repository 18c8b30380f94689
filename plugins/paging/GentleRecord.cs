using System.Globalization;
using System.Text.RegularExpressions;
using Actors.Sdk;

namespace Actors.Paging;

/// <summary>
/// Where <c>paging:gentle</c> had to stop, because the guest needed its memory. It is kept in xenstore, so that the next request for the same domain
/// does not page out the same memory again.
/// </summary>
/// <param name="Target">The target of that request.</param>
/// <param name="Quiet">The level at which the pager stays.</param>
/// <param name="TooLow">The level that was too low.</param>
/// <param name="PageInsPerMinute">The page-ins per minute there.</param>
/// <param name="At">The time of the last check.</param>
internal sealed partial record GentleRecord(Kib Target, Kib Quiet, Kib TooLow, Pages PageInsPerMinute, DateTimeOffset At)
{
    private const string Key = "memory-policy/paging/gentle";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>The number of checks in a row that found nothing new.</summary>
    public int Checks { get; init; }

    /// <summary>The time of the next check. The pause doubles with each check, from 5 minutes up to an hour.</summary>
    public DateTimeOffset NextCheck => At + TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(Checks, 8)));

    public static async ValueTask<GentleRecord?> ReadAsync(IDomain domain, CancellationToken cancellation) =>
        Parse(await domain.Store.ReadAsync(Key, cancellation));

    public static ValueTask ForgetAsync(IDomain domain, CancellationToken cancellation) => domain.Store.RemoveAsync(Key, cancellation);

    public ValueTask WriteAsync(IDomain domain, CancellationToken cancellation) => domain.Store.WriteAsync(Key, ToString(), cancellation);

    /// <summary>Reads a record; <see langword="null"/> if it is missing or malformed.</summary>
    public static GentleRecord? Parse(string? text)
    {
        if (Fields().Match(text ?? "") is not { Success: true } match)
            return null;
        long Number(string name) => long.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture);
        return new GentleRecord(
            new Kib(Number("target")), new Kib(Number("quiet")), new Kib(Number("toolow")), new Pages(Number("pageins")), DateTimeOffset.FromUnixTimeSeconds(Number("at")))
        {
            Checks = (int)Number("checks"),
        };
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"target={Target.Value} quiet={Quiet.Value} too-low={TooLow.Value} page-ins={PageInsPerMinute.Value} at={At.ToUnixTimeSeconds()} checks={Checks}");

    [GeneratedRegex(@"^target=(?<target>[0-9]{1,15}) quiet=(?<quiet>[0-9]{1,15}) too-low=(?<toolow>[0-9]{1,15}) page-ins=(?<pageins>[0-9]{1,15}) at=(?<at>[0-9]{1,11}) checks=(?<checks>[0-9]{1,4})\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Fields();
}
