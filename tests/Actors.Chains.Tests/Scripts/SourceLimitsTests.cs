using Actors.Chains.Scripts.Compiling;

namespace Actors.Chains.Tests.Scripts;

/// <summary>What makes a compiler recurse is found before it sees the text.</summary>
internal sealed class SourceLimitsTests
{
    [TestCase("!", 20_000, "Growing", TestName = "Not, 20,000 times")]
    [TestCase("() => ", 3300, "1", TestName = "Lambdas in lambdas")]
    [TestCase("(", 9000, "1", TestName = "Parentheses")]
    [TestCase("List<", 3300, "int", TestName = "Types in types")]
    [TestCase("-", 20_000, "1", TestName = "Minus")]
    [TestCase("a ? b : ", 3000, "c", TestName = "Choices")]
    [TestCase("a ?? ", 3000, "c", TestName = "Null or else")]
    [TestCase("new[] { ", 3000, "1", TestName = "Arrays in arrays")]
    [TestCase("$\"{", 3000, "1", TestName = "Texts in texts")]
    [TestCase("f(\"x\", ", 3000, "1", TestName = "Calls in calls")]
    [TestCase("x = ", 3000, "1", TestName = "Assignments")]
    [TestCase("if (a) ", 3000, ";", TestName = "Statements in statements")]
    public void Deep_nesting_is_found_at_its_place(string opening, int times, string inside)
    {
        var found = Find($"var y = 1;\nvar x = {string.Concat(Enumerable.Repeat(opening, times))}{inside}");

        Assert.That(found, Has.Property("Line").EqualTo(2));
        Assert.That(found!.Message, Does.Contain("use variables and functions"));
    }

    [Test]
    public void A_long_chain_of_calls_is_found() => Assert.That(Find("var x = 1" + string.Concat(Enumerable.Repeat(".ToString().Length", 1100))), Is.Not.Null);

    [Test]
    public void A_huge_text_is_found() =>
        Assert.That(Find(new string(' ', SourceLimits.MaxLength + 1))!.Message, Is.EqualTo("the script has 65537 characters; the maximum is 65536"));

    [TestCase("// ((((")]
    [TestCase("/* (((( */ /**/")]
    [TestCase("'('")]
    [TestCase("'\\''")]
    [TestCase("\"(((\"")]
    [TestCase("\"\\\"(((\"")]
    [TestCase("@\"((\"\"((\"")]
    [TestCase("$\"((({{ {1} (\"")]
    [TestCase("$@\"((\"\"{1}((\"")]
    [TestCase("\"\"\"((\"((\"\"\"")]
    [TestCase("$$\"\"\"(({ {{1}} ((\"\"\"")]
    [TestCase("$\"{(1 < 2 ? $\"({1}(\" : \"(\")}(\"")]
    public void Brackets_in_comments_and_texts_do_not_count(string text)
    {
        var half = string.Join(";\n", Enumerable.Repeat(text, 60)) + "\n;\n";

        Assert.That(Find(half), Is.Null);
        Assert.That(Find(half + "x = " + new string('(', 101)), Has.Property("Line").EqualTo(62), "what follows is still read");
    }

    [Test]
    public void A_long_table_is_fine() => Assert.That(Find($"var table = new[] {{ {string.Join(", ", Enumerable.Range(0, 5000))} }};"), Is.Null);

    [Test]
    public void The_place_of_a_condition_is_its_place_in_the_file()
    {
        var source = new ScriptSource(ScriptKind.Condition, "p.yaml", new string('!', 2000), Line: 7, Column: 12);

        Assert.That(SourceLimits.Find(source), Has.Property("Line").EqualTo(7).And.Property("Column").EqualTo(1012));
    }

    [TestCaseSource(nameof(Shipped))]
    public void Shipped_scripts_are_far_from_the_limits(string file) => Assert.That(Find(File.ReadAllText(file)), Is.Null);

    [Test]
    public void Every_text_is_read_to_its_end_whatever_it_is()
    {
        var random = new Random(1);
        const string letters = "\"$@{}'\\/*\n(x1 ;";
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => letters[random.Next(letters.Length)]));
            Assert.That(() => Find(text), Is.Null, text);
        }
    }

    private static IEnumerable<string> Shipped() => Directory.EnumerateFiles(
        Path.Combine(Root, "policies"), "*.csx");

    private static string Root
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Version.props")))
                folder = Path.GetDirectoryName(folder)!;
            return folder;
        }
    }

    private static ScriptProblem? Find(string text) => SourceLimits.Find(new ScriptSource(ScriptKind.Policy, "p.csx", text));
}
