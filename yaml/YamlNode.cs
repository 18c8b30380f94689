namespace Actors.Yaml;

/// <summary>A value in a YAML file that knows its place.</summary>
internal abstract record YamlNode(Mark At)
{
    /// <summary>What it is, for an error message.</summary>
    public abstract string Kind { get; }
}

internal sealed record YamlText(Mark At, string Value) : YamlNode(At)
{
    private const int MaxShown = 60;

    public override string Kind => Value.Length == 0 ? "nothing" : $"'{Shown(Value)}'";

    /// <summary>What stands in a file, fit for a line on a terminal: no control characters, and not kilobytes of it.</summary>
    public static string Shown(string text)
    {
        var shown = new string([.. text.Take(MaxShown).Select(letter => char.IsControl(letter) ? ' ' : letter)]);
        return text.Length > MaxShown ? shown + "…" : shown;
    }
}

internal sealed record YamlList(Mark At, IReadOnlyList<YamlNode> Items) : YamlNode(At)
{
    public override string Kind => "a list";
}

internal sealed record YamlMap(Mark At, IReadOnlyList<YamlEntry> Entries) : YamlNode(At)
{
    public override string Kind => "a group of keys";
}

internal sealed record YamlEntry(Mark At, string Key, YamlNode Value);
