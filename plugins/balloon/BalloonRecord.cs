using System.Globalization;
using System.Text.RegularExpressions;
using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// What this actor knows of a domain beyond one request. Kept in xenstore, in one value, because the host may be another process by
/// then. Pure but for reading and writing.
/// </summary>
internal sealed partial record BalloonRecord
{
    private const string Key = "memory-policy/balloon";

    /// <summary>See <see cref="BalloonOffset"/>; <see langword="null"/> until it is learned.</summary>
    public Kib? Offset { get; init; }

    /// <summary>What <c>memory/target</c> was before it was first touched, so that a release can undo it.</summary>
    public Kib? Found { get; init; }

    /// <summary>What max_mem was then.</summary>
    public Kib? FoundMaxMem { get; init; }

    /// <summary>What was last written to <c>memory/target</c>: any other value there is somebody else's.</summary>
    public Kib? Asked { get; init; }

    /// <summary>The serial of the request that was given up to a second writer; that one does not take it up again.</summary>
    public long? Yielded { get; init; }

    public static async ValueTask<BalloonRecord> ReadAsync(IDomain domain, CancellationToken cancellation) =>
        Parse(await domain.Store.ReadAsync(Key, cancellation));

    public ValueTask WriteAsync(IDomain domain, CancellationToken cancellation) => domain.Store.WriteAsync(Key, ToString(), cancellation);

    /// <summary>Forgets all but the offset, which is the domain's for life.</summary>
    public ValueTask ForgetAsync(IDomain domain, CancellationToken cancellation) => new BalloonRecord { Offset = Offset }.WriteAsync(domain, cancellation);

    /// <summary>What is not there, or not understood, is not known.</summary>
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
            Asked = Amount("asked"),
            Yielded = known.TryGetValue("yielded", out var serial) ? serial : null,
        };
    }

    public override string ToString() => string.Join(' ', new[]
    {
        Field("offset", Offset?.Value), Field("found", Found?.Value), Field("found-max-mem", FoundMaxMem?.Value),
        Field("asked", Asked?.Value), Field("yielded", Yielded),
    }.OfType<string>());

    private static string? Field(string name, long? value) => value is { } number ? string.Create(CultureInfo.InvariantCulture, $"{name}={number}") : null;

    [GeneratedRegex(@"(?<=^| )(?<name>offset|found|found-max-mem|asked|yielded)=(?<value>-?[0-9]{1,18})(?= |\z)", RegexOptions.ExplicitCapture)]
    private static partial Regex Fields();
}
