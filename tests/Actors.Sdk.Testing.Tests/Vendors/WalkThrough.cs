using System.Text;
using System.Text.RegularExpressions;

namespace Actors.Sdk.Testing.Tests.Vendors;

/// <summary>Turns a page into a script: its shell blocks and its files, in order.</summary>
internal static partial class WalkThrough
{
    public static string Script(string page)
    {
        var script = new StringBuilder();
        foreach (Match block in Block().Matches(page))
        {
            var text = block.Groups["text"].Value;
            if (block.Groups["language"].Value == "sh")
                script.Append(text);
            else
                script.Append($"cat > '{PathOf(text)}' <<'END OF FILE'\n{text}END OF FILE\n");
        }
        return script.ToString();
    }

    private static string PathOf(string file) =>
        file.StartsWith("// ", StringComparison.Ordinal) ? file[3..file.IndexOf('\n')] : throw new FormatException($"a C# block without a path in its first line:\n{file}");

    [GeneratedRegex(@"^```(?<language>sh|csharp)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
