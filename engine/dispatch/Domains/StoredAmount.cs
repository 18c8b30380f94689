using System.Globalization;
using Actors.Sdk;

namespace Actors.Dispatch.Domains;

/// <summary>Amounts as they are in xenstore: KiB in decimal digits. Pure.</summary>
internal static class StoredAmount
{
    private const int MaxDigits = 18;

    /// <summary>The amount; <see langword="null"/> if the text is none.</summary>
    public static Kib? Parse(string? text) =>
        text is { Length: > 0 and <= MaxDigits } && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? new Kib(value) : null;

    public static string Text(Kib amount) => amount.Value.ToString(CultureInfo.InvariantCulture);
}
