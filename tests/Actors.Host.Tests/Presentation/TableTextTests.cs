using System.Globalization;
using Actors.Cli.Presentation;

namespace Actors.Host.Tests.Presentation;

internal sealed class TableTextTests
{
    private static readonly TerminalLook Plain = new(Colours: false, Ascii: false);

    private static readonly Table Sample = new(
        [
            new Column("ID") { AlignRight = true, Drop = 1 },
            new Column("NAME") { Narrowest = 8, Widest = 20 },
            new Column("NOW") { PipeTitle = "NOW_KIB", AlignRight = true },
            new Column("ACTOR KEY") { Drop = 2 },
        ],
        "REASON",
        [
            new TableRow([Cell.Of("3"), Cell.Of("web-1"), Amounts.Cell(524288), Cell.Of("xl")], "all is well", ShowsNote: false),
            new TableRow([Cell.Of("12"), Cell.Of("ci-runner-7f3a9c"), Amounts.Cell(1310720), Cell.Of("xl:protect")], "the guest's driver gave up 4 times; it needs 1.2 GiB"),
        ]);

    [Test]
    public void A_narrow_terminal_shortens_names_in_the_middle_drops_columns_and_wraps_reasons_below()
    {
        Assert.That(Lines(40), Is.EqualTo(new[]
        {
            "ID NAME               NOW ACTOR KEY",
            " 3 web-1             512M xl",
            "12 ci-runner-7f3a9c 1.25G xl:protect",
            "    the guest's driver gave up 4 times;",
            "    it needs 1.2 GiB",
        }));
        Assert.That(Lines(20)[2], Is.EqualTo("12 ci-ru~f3a9c 1.25G"));
    }

    [Test]
    public void A_wide_terminal_has_a_column_of_reasons_which_are_wrapped_in_it()
    {
        var lines = Lines(160);

        Assert.That(lines[0], Is.EqualTo("ID NAME               NOW ACTOR KEY  REASON"));
        Assert.That(lines[1], Is.EqualTo(" 3 web-1             512M xl         all is well"));
        Assert.That(lines, Has.Length.EqualTo(3));
    }

    [Test]
    public void A_pipe_gets_every_column_exact_values_and_a_line_for_each_row()
    {
        Assert.That(TableText.PipeLines(Sample, header: true), Is.EqualTo(new[]
        {
            "ID\tNAME\tNOW_KIB\tACTOR_KEY\tREASON",
            "3\tweb-1\t524288\txl\tall is well",
            "12\tci-runner-7f3a9c\t1310720\txl:protect\tthe guest's driver gave up 4 times; it needs 1.2 GiB",
        }));
        Assert.That(TableText.PipeLines(Sample, header: false).First(), Does.StartWith("3\t"));
    }

    [Test]
    public void Text_from_guests_cannot_add_a_column_a_line_or_an_escape_sequence()
    {
        var table = Sample with { Rows = [new TableRow([Cell.Of("1"), Cell.Of("a\tb\n\e[2J"), Cell.None, Cell.Of("\u202e")], "x\ty\r\nz")] };

        Assert.That(TableText.PipeLines(table, header: false).Single().Count(letter => letter == '\t'), Is.EqualTo(4));
        Assert.That(string.Concat(TableText.PipeLines(table, header: false)) + string.Concat(TableText.Lines(table, Plain, 80, header: true)), Does.Not.Match("[\n\r\e\u202e]"));
    }

    [Test]
    public void Colour_changes_no_width()
    {
        var table = Sample with { Rows = [new TableRow([Cell.Of("1"), Cell.Of("a"), Cell.Of("1", Tone.Trouble), Cell.Of("x")])] };

        Assert.That(TableText.Lines(table, new TerminalLook(true, false), 80, header: false).Single().Replace("\e[31m", "", StringComparison.Ordinal).Replace("\e[0m", "", StringComparison.Ordinal),
            Is.EqualTo(TableText.Lines(table, Plain, 80, header: false).Single()));
    }

    [Test]
    public void No_line_is_longer_than_the_terminal_and_no_word_of_a_reason_is_lost([Range(1, 200)] int seed)
    {
        var random = new Random(seed);
        var table = RandomTable(random);
        var width = random.Next(20, 220);

        var lines = TableText.Lines(table, Plain, width, header: true).ToArray();

        Assert.That(lines.Max(CellText.Width), Is.LessThanOrEqualTo(width), string.Join('\n', lines));
        var shown = string.Concat(lines).Replace(" ", "", StringComparison.Ordinal);
        foreach (var row in table.Rows.Where(row => row.ShowsNote && width < TableLayout.WideTerminal))
            Assert.That(shown, Does.Contain(row.Note.Replace(" ", "", StringComparison.Ordinal)));
    }

    private static string[] Lines(int width) => [.. TableText.Lines(Sample, Plain, width, header: true)];

    private static Table RandomTable(Random random)
    {
        string[] letters = ["a", "b", "9", "-", "ü", "猫", "e\u0301", "🐈"];
        string Word(int longest) => string.Concat(Enumerable.Range(0, random.Next(1, longest)).Select(_ => letters[random.Next(letters.Length)]));
        var columns = Enumerable.Range(0, random.Next(2, 11)).Select(number => new Column(string.Create(CultureInfo.InvariantCulture, $"C{number}"))
        {
            Drop = number > 1 ? random.Next(0, 9) : 0,
            AlignRight = random.Next(2) == 0,
            Narrowest = random.Next(2) == 0 ? random.Next(4, 16) : int.MaxValue,
            Widest = random.Next(5, 40),
        }).ToList();
        var rows = Enumerable.Range(0, random.Next(0, 6)).Select(_ => new TableRow(
            [.. columns.Select(_ => random.Next(5) == 0 ? Cell.None : Cell.Of(Word(30)))],
            string.Join(' ', Enumerable.Range(0, random.Next(0, 30)).Select(_ => Word(20))),
            random.Next(2) == 0)).ToList();
        return new Table(columns, "WHY", rows);
    }
}
