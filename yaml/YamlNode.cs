using Actors.Sdk.Text;

namespace Actors.Yaml;

/// <summary>A value in a YAML file, with its position.</summary>
internal abstract record YamlNode(Mark At)
{
    /// <summary>A description for error messages.</summary>
    public abstract string Kind { get; }
}

internal sealed record YamlText(Mark At, string Value) : YamlNode(At)
{
    private const int MaxShown = 60;

    public override string Kind => Value.Length == 0 ? "nothing" : $"'{Shown(Value)}'";

    /// <summary>Text from a file, safe to print on a terminal: without control characters, and shortened.</summary>
    public static string Shown(string text) => Printable.Of(text, MaxShown);
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
