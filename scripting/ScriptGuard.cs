using System.ComponentModel;

namespace Actors.Scripting;

/// <summary>
/// The host inserts calls to this class into every loop, function and catch of a script, so that it can stop a runaway script. Scripts must not
/// use the class themselves. It is static, because static functions and classes in a script cannot reach the script's own members.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ScriptGuard
{
    private static readonly AsyncLocal<ScriptBudget?> Current = new();

    // No policy needs a larger list, string or range, and a single call could make the host run out of memory.
    private const int MaxCount = 1_000_000;

    private const int MaxBytes = 16 << 20;

    // The time of a search grows with the product of the lengths.
    private const int MaxSearched = 256;

    // The format 'D999999999' produces a string of a gigabyte.
    private const int MaxDigits = 3;

    internal static ScriptBudget? Budget
    {
        get => Current.Value;
        set => Current.Value = value;
    }

    /// <summary>Called once in every iteration of a loop.</summary>
    public static void Tick() => Mine.Tick();

    /// <summary>Called once for every value.</summary>
    public static T Tick<T>(T value)
    {
        Mine.Tick();
        return value;
    }

    /// <summary>Called at the beginning of every function.</summary>
    public static bool Enter()
    {
        var budget = Mine;
        budget.Enter();
        return true;
    }

    /// <summary>Whether a catch may handle an exception: not if the script must end.</summary>
    public static bool May() => !Mine.Ending;

    /// <summary>Limits how many items one call creates, and how many bytes.</summary>
    public static int Size(int count, int bytes) => count > MaxCount
        ? throw new ArgumentOutOfRangeException(nameof(count), count, $"a script may create at most {MaxCount} items at once")
        : (long)count * bytes > MaxBytes
            ? throw new ArgumentOutOfRangeException(nameof(count), count, $"a script may create at most {MaxBytes >> 20} MiB at once, and an item has {bytes} bytes")
            : count;

    /// <summary>Limits the length of a text that is searched for in another one.</summary>
    public static string? Searched(string? text) => text is { Length: > MaxSearched }
        ? throw new ArgumentException($"a script may search for at most {MaxSearched} characters")
        : text;

    /// <summary>Limits the width that a format can produce.</summary>
    public static string? Format(string? format) => IsWide(format)
        ? throw new FormatException($"in a script, a number in a format may have at most {MaxDigits} digits")
        : format;

    internal static bool IsWide(string? format)
    {
        var digits = 0;
        foreach (var letter in format ?? "")
        {
            digits = char.IsAsciiDigit(letter) ? digits + 1 : 0;
            if (digits > MaxDigits)
                return true;
        }
        return false;
    }

    /// <summary>Checks the limits while a sequence is enumerated.</summary>
    public static IEnumerable<T> Each<T>(IEnumerable<T> sequence)
    {
        Enter();
        using var items = sequence.GetEnumerator();
        while (Enter() && items.MoveNext())
            yield return items.Current;
    }

    private static ScriptBudget Mine => Current.Value ?? throw new InvalidOperationException("code of a script can run only while its policy runs");
}
