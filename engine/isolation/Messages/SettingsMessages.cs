namespace Actors.Isolation.Messages;

/// <summary>The settings of a plugin, with the positions of everything in them.</summary>
/// <param name="Files">The files that they come from, which the nodes refer to by index.</param>
/// <param name="Root">A group of keys.</param>
internal sealed record SettingsBody(IReadOnlyList<string> Files, SettingNode Root)
{
    /// <summary>The line of the plugin's id in the operator's file, from 1; 0 in the plugin's own file.</summary>
    public int IdLine { get; init; }

    /// <summary>The column of the plugin's id in the operator's file, from 1; 0 in the plugin's own file.</summary>
    public int IdColumn { get; init; }
}

/// <summary>A value: a text, a list, or a group of keys.</summary>
/// <param name="File">The index of its file.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">Its column, from 1.</param>
internal sealed record SettingNode(int File, int Line, int Column)
{
    /// <summary>The text; <see langword="null"/> if it is none.</summary>
    public string? Text { get; init; }

    /// <summary>The items of a list; <see langword="null"/> if it is none.</summary>
    public IReadOnlyList<SettingNode>? Items { get; init; }

    /// <summary>The keys of a group; <see langword="null"/> if it is none.</summary>
    public IReadOnlyList<SettingEntry>? Keys { get; init; }
}

/// <summary>A key with its position and value.</summary>
internal sealed record SettingEntry(string Name, int File, int Line, int Column, SettingNode Value);

/// <summary>The reply to new settings: their problems.</summary>
internal sealed record ProblemsBody(IReadOnlyList<string> Problems);
