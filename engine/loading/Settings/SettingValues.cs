using System.Globalization;
using Actors.Sdk;
using Actors.Sdk.Text;

namespace Actors.Loading.Settings;

/// <summary>Parses the values that are one word. Pure.</summary>
internal static class SettingValues
{
    /// <summary>Whether a type is one of these.</summary>
    public static bool Has(Type type) => type.IsEnum || type == typeof(string) || type == typeof(bool) || type == typeof(int) || type == typeof(long)
        || type == typeof(double) || type == typeof(decimal) || type == typeof(Kib) || type == typeof(TimeSpan) || type == typeof(Guid);

    /// <summary>Parses a value. Returns it or what is wrong.</summary>
    public static (object? Value, string? Error) Parse(Type type, string text)
    {
        var (style, culture) = (NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (type.IsEnum)
            return EnumOf(type, text);
        if (type == typeof(string))
            return (text, null);
        if (type == typeof(bool))
            return text is "true" or "false" ? (text == "true", null) : (null, "expected true or false");
        if (type == typeof(int))
            return int.TryParse(text, style, culture, out var number) ? (number, null) : (null, "expected a whole number");
        if (type == typeof(long))
            return long.TryParse(text, style, culture, out var number) ? (number, null) : (null, "expected a whole number");
        if (type == typeof(double))
            return double.TryParse(text, NumberStyles.Float, culture, out var number) && double.IsFinite(number) ? (number, null) : (null, "expected a number");
        if (type == typeof(decimal))
            return decimal.TryParse(text, NumberStyles.Float, culture, out var number) ? (number, null) : (null, "expected a number");
        if (type == typeof(Kib))
            return Boxed(SizeText.ParseWithUnit(text));
        if (type == typeof(TimeSpan))
            return Boxed(DurationText.Parse(text));
        return Guid.TryParse(text, out var guid) ? (guid, null) : (null, "expected a UUID");
    }

    /// <summary>A name in C# as a key: <c>CheckInterval</c> is <c>check_interval</c>.</summary>
    public static string KeyOf(string name) => string.Concat(name.Select((letter, at) =>
        char.IsUpper(letter) ? $"{(at > 0 && (!char.IsUpper(name[at - 1]) || (at + 1 < name.Length && char.IsLower(name[at + 1]))) ? "_" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));

    private static (object? Value, string? Error) EnumOf(Type type, string text)
    {
        var names = Enum.GetNames(type);
        return Array.Find(names, name => KeyOf(name) == text) is { } found
            ? (Enum.Parse(type, found), null)
            : (null, $"expected {string.Join(", ", names.Select(KeyOf))}");
    }

    private static (object?, string?) Boxed<T>((T Value, string? Error) parsed) => parsed.Error is null ? (parsed.Value, null) : (null, parsed.Error);
}
