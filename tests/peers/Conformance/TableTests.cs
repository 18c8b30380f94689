using System.Text;

namespace Actors.Peers.Conformance;

/// <summary>Checks the table in docs/xenstore.md, which is generated from the cases.</summary>
public sealed class TableTests
{
    private const string Begin = "<!-- The table below is generated from tests/peers/Conformance: UPDATE_DOCS=1 dotnet test tests/peers --filter TableTests -->\n";
    private const string End = "<!-- end of the table -->";

    [Test]
    public void The_documentation_has_the_table_of_all_cases()
    {
        var file = Path.Combine(Repository.Root, "docs", "xenstore.md");
        var text = File.ReadAllText(file);
        var (before, after) = (text[..(text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)], text[text.IndexOf(End, StringComparison.Ordinal)..]);
        var updated = before + Table() + after;
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            File.WriteAllText(file, updated);

        Assert.That(File.ReadAllText(file), Is.EqualTo(updated), "Run this test with UPDATE_DOCS=1 and commit docs/xenstore.md.");
    }

    private static string Table()
    {
        var table = new StringBuilder();
        foreach (var area in AllCases.Numbered.GroupBy(numbered => numbered.Case.Area))
        {
            table.Append($"\n### {area.Key}\n\n| case | xenstored | Actors, where it differs | oxenstored, where it differs |\n|---|---|---|---|\n");
            foreach (var (_, tested) in area)
                table.Append($"| {tested.Name} | {Escaped(tested.Seen.Xenstored)} | {Difference(tested.Seen.Embedded, tested.Seen.WhyEmbedded)} | {Difference(tested.Seen.Oxenstored, tested.Seen.Why)} |\n");
        }
        return table.Append('\n').ToString();
    }

    private static string Difference(string? seen, string? why) => seen is null ? "" : $"{Escaped(seen)}: {why}";

    private static string Escaped(string text) => $"`{text.Replace("|", "\\|", StringComparison.Ordinal)}`";
}
