using System.Globalization;
using System.Text;

namespace Actors.Loading.Markers;

/// <summary>What the daemon does with foreign code in its own process.</summary>
internal enum WorkKind
{
    Loading,
    Running,
}

/// <summary>A note that foreign code works, or has worked, in the daemon's process.</summary>
/// <param name="Kind">What the daemon does with it.</param>
/// <param name="Plugin">The id of the plugin.</param>
/// <param name="Hash">The hash of its files.</param>
/// <param name="Active">How many such calls are in progress.</param>
/// <param name="Deaths">How often in a row the daemon died while one was in progress.</param>
internal sealed record WorkMarker(WorkKind Kind, string Plugin, string Hash, int Active, int Deaths)
{
    /// <summary>The length of a line, in bytes. All lines have the same, so that each can be overwritten alone.</summary>
    public const int Length = 256;

    /// <summary>The number of deaths in a row after which the plugin is left out.</summary>
    public const int DeathsAllowed = 2;

    /// <summary>Whether the plugin is left out.</summary>
    public bool IsLeftOut => Deaths >= DeathsAllowed;

    /// <summary>What the daemon did, as the end of a sentence: <c>running plugin 'acme'</c>.</summary>
    public string Description => $"{Word(Kind)} plugin '{Plugin}'";

    /// <summary>The marker as one line of the file; a blank line if it does not fit into one.</summary>
    public byte[] ToLine()
    {
        var text = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Word(Kind)} {Plugin} {Hash} active={Active} deaths={Deaths}"));
        var line = new byte[Length];
        line.AsSpan().Fill((byte)' ');
        if (text.Length < Length)
            text.CopyTo(line, 0);
        line[^1] = (byte)'\n';
        return line;
    }

    /// <summary>Parses a line; <see langword="null"/> if it is none.</summary>
    public static WorkMarker? Parse(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var kind, var plugin, var hash, var active, var deaths]
        && KindOf(kind) is { } known && Number(active, "active=") is { } calls && Number(deaths, "deaths=") is { } times
        ? new WorkMarker(known, plugin, hash, calls, times) : null;

    private static string Word(WorkKind kind) => kind == WorkKind.Loading ? "loading" : "running";

    private static WorkKind? KindOf(string word) => word == Word(WorkKind.Loading) ? WorkKind.Loading : word == Word(WorkKind.Running) ? WorkKind.Running : null;

    private static int? Number(string text, string name) =>
        text.StartsWith(name, StringComparison.Ordinal) && int.TryParse(text.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
