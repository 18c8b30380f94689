using System.Globalization;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Dispatch.Decisions;

/// <summary>Another program's value of <c>memory/target</c>.</summary>
/// <param name="Value">The value.</param>
internal sealed record ForeignWrite(string Value)
{
    /// <summary>The actors' own value that it replaced, if that is known.</summary>
    public string? Over { get; init; }

    /// <summary>When it was found; <see langword="null"/> if it was written while no daemon watched, or before the domain was restarted.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The cause, for the operator. xenstore does not record who writes a key.</summary>
    public string Reason => $"another program (xl mem-set, libvirt, another daemon?) wrote {DomainKeys.BalloonTarget} = {Shown(Value)}"
        + (Over is { } over ? $" over {Shown(over)}" : "")
        + (At, Over) switch
        {
            ({ } at, _) => string.Create(CultureInfo.InvariantCulture, $" at {at.UtcDateTime:HH:mm:ss} UTC"),
            (_, null) => " earlier",
            _ => " while no daemon was watching",
        }
        + "; the domain is left alone until its target is written again (actors mem-set)";

    private static string Shown(string value) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var kib)
        ? $"{kib} ({new Kib(kib)})"
        : $"'{Printable.Of(value, limit: 32)}'";
}
