using System.ComponentModel;

namespace Actors.Scripting;

/// <summary>
/// The host puts calls to this into every loop, function and catch of a script, so that a runaway one is stopped. No script may name it itself.
/// Static, because a static function or a class in a script cannot reach the script's own members.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ScriptGuard
{
    private static readonly AsyncLocal<ScriptBudget?> Current = new();

    // A list, a string or a range of more is not a policy's business, and one single call could make the host run out of memory.
    private const int MostAtOnce = 1_000_000;

    // 'D999999999' is a text of a gigabyte.
    private const int MostDigits = 3;

    internal static ScriptBudget? Budget
    {
        get => Current.Value;
        set => Current.Value = value;
    }

    /// <summary>Once in every round of a loop.</summary>
    public static void Tick() => Mine.Tick();

    /// <summary>Once for every value.</summary>
    public static T Tick<T>(T value)
    {
        Mine.Tick();
        return value;
    }

    /// <summary>At the beginning of every function.</summary>
    public static bool Enter()
    {
        var budget = Mine;
        budget.Enter();
        return true;
    }

    /// <summary>Whether a catch may catch: not when the script is to end.</summary>
    public static bool May() => !Mine.Ending;

    /// <summary>How many of something are made in one call.</summary>
    public static int Size(int count) => count <= MostAtOnce
        ? count
        : throw new ArgumentOutOfRangeException(nameof(count), count, $"a script makes at most {MostAtOnce} of anything at once");

    /// <summary>A format, and how wide the text may come out.</summary>
    public static string? Format(string? format) => IsWide(format)
        ? throw new FormatException($"a number in a format has at most {MostDigits} digits in a script")
        : format;

    internal static bool IsWide(string? format)
    {
        var digits = 0;
        foreach (var letter in format ?? "")
        {
            digits = char.IsAsciiDigit(letter) ? digits + 1 : 0;
            if (digits > MostDigits)
                return true;
        }
        return false;
    }

    /// <summary>A sequence that is watched while it runs.</summary>
    public static IEnumerable<T> Each<T>(IEnumerable<T> sequence)
    {
        Enter();
        using var items = sequence.GetEnumerator();
        while (Enter() && items.MoveNext())
            yield return items.Current;
    }

    private static ScriptBudget Mine => Current.Value ?? throw new InvalidOperationException("code of a script runs only while its policy does");
}
