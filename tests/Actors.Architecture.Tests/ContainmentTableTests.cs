using System.Text.RegularExpressions;

namespace Actors.Architecture.Tests;

/// <summary>The table in docs/containment.md: whatever it claims, a test really does.</summary>
internal sealed partial class ContainmentTableTests
{
    private const int Places = 3;

    private static readonly string Root = FindRoot();
    private static readonly string[] Page = File.ReadAllLines(Path.Combine(Root, "docs", "containment.md"));
    private static readonly string[][] Rows = Cells("| the foreign code ");
    private static readonly Dictionary<string, (string Test, string Case)> Tests = Cells("| | test ").ToDictionary(row => row[0], row => (row[1].Trim('`'), row[2].Trim('`')));

    private static IEnumerable<TestCaseData> Claims => Rows.Select(row => new TestCaseData([row]).SetArgDisplayNames(row[0]));

    private static IEnumerable<string> Numbers => Tests.Keys;

    [Test]
    public void It_covers_what_foreign_code_does() => Assert.That(Rows, Has.Length.GreaterThan(30));

    [TestCaseSource(nameof(Claims))]
    public void Each_place_has_a_test_or_a_reason_why_it_has_none(string[] row)
    {
        Assert.That(row, Has.Length.EqualTo(1 + Places));
        foreach (var cell in row[1..])
        {
            var numbers = Reference().Matches(cell).Select(match => match.Value).ToList();
            Assert.That(numbers.Count > 0 || cell.StartsWith("— ", StringComparison.Ordinal), cell);
            Assert.That(numbers, Is.SubsetOf(Tests.Keys));
        }
    }

    [TestCaseSource(nameof(Numbers))]
    public void Each_test_of_the_list_exists_and_is_used(string number)
    {
        var (test, @case) = Tests[number];
        var (type, method) = (test.Split('.')[0], test.Split('.')[1]);
        var files = Directory.GetFiles(Path.Combine(Root, "tests"), $"{type}.cs", SearchOption.AllDirectories);

        Assert.That(files, Has.Length.EqualTo(1), type);
        var text = File.ReadAllText(files[0]);
        Assert.That(Regex.IsMatch(text, $@"public (void|async Task) {method}\("), method);
        Assert.That(text, Does.Contain(@case));
        Assert.That(Rows.SelectMany(row => row), Has.Some.Contains(number), "no cell names it");
    }

    private static string[][] Cells(string head) => [.. Page.SkipWhile(line => !line.StartsWith(head, StringComparison.Ordinal)).Skip(2)
        .TakeWhile(line => line.StartsWith('|')).Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray())];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Actors.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Reference();
}
