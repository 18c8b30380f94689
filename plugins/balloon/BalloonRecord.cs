using System.Globalization;
using System.Text.RegularExpressions;
using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// What this actor knows about a domain beyond one request. It is kept in one xenstore value, because the next request may be handled by
/// another host process.
/// </summary>
internal sealed partial record BalloonRecord
{
    private const string Key = "memory-policy/balloon";

    /// <summary>The offset, see <see cref="BalloonOffset"/>; <see langword="null"/> until it is learned.</summary>
    public Kib? Offset { get; init; }

    /// <summary>The value of <c>memory/target</c> before this actor first changed it. A release restores it.</summary>
    public Kib? Found { get; init; }

    /// <summary>The value of max_mem at that time.</summary>
    public Kib? FoundMaxMem { get; init; }

    /// <summary>The serial of the request that yielded to a second writer. That request does not take the balloon back, however often a chain repeats it.</summary>
    public long? Yielded { get; init; }

    public static async ValueTask<BalloonRecord> ReadAsync(IDomain domain, CancellationToken cancellation) =>
        Parse(await domain.Store.ReadAsync(Key, cancellation));

    public ValueTask WriteAsync(IDomain domain, CancellationToken cancellation) => domain.Store.WriteAsync(Key, ToString(), cancellation);

    /// <summary>Forgets everything except the offset, which stays constant for the life of the domain.</summary>
    public ValueTask ForgetAsync(IDomain domain, CancellationToken cancellation) => new BalloonRecord { Offset = Offset }.WriteAsync(domain, cancellation);

    /// <summary>Reads a record. A field that is missing or malformed is unknown.</summary>
    public static BalloonRecord Parse(string? text)
    {
        var known = Fields().Matches(text ?? "").GroupBy(match => match.Groups["name"].Value).ToDictionary(
            group => group.Key, group => long.Parse(group.Last().Groups["value"].ValueSpan, CultureInfo.InvariantCulture));
        Kib? Amount(string name) => known.TryGetValue(name, out var value) ? new Kib(value) : null;
        return new BalloonRecord
        {
            Offset = Amount("offset"),
            Found = Amount("found"),
            FoundMaxMem = Amount("found-max-mem"),
            Yielded = known.TryGetValue("yielded", out var serial) ? serial : null,
        };
    }

    public override string ToString() => string.Join(' ', new[]
    {
        Field("offset", Offset?.Value), Field("found", Found?.Value), Field("found-max-mem", FoundMaxMem?.Value),
        Field("yielded", Yielded),
    }.OfType<string>());

    private static string? Field(string name, long? value) => value is { } number ? string.Create(CultureInfo.InvariantCulture, $"{name}={number}") : null;

    [GeneratedRegex(@"(?<=^| )(?<name>offset|found|found-max-mem|yielded)=(?<value>-?[0-9]{1,18})(?= |\z)", RegexOptions.ExplicitCapture)]
    private static partial Regex Fields();
}
