using System.Diagnostics;

namespace Actors.Cli.Presentation;

/// <summary>Which columns of a table fit on a terminal, and how wide they are.</summary>
/// <param name="Columns">The columns that are shown: their indexes and widths.</param>
/// <param name="NoteWidth">The width of the column of notes; 0 where notes are below their rows.</param>
internal sealed record TableLayout(IReadOnlyList<(int Index, int Width)> Columns, int NoteWidth)
{
    /// <summary>On terminals from this width on, notes have a column of their own.</summary>
    public const int WideTerminal = 160;

    private const int NarrowestNote = 40;

    /// <param name="table">The table.</param>
    /// <param name="width">The width of the terminal.</param>
    public static TableLayout Fit(Table table, int width)
    {
        var natural = table.Columns.Select((column, index) => Natural(table, column, index)).ToArray();
        var shown = Enumerable.Range(0, table.Columns.Count).ToList();
        while (Total(shown, index => Narrowest(table, natural, index)) > width && MostDroppable(table, shown) is { } dropped)
            shown.Remove(dropped);
        var widths = shown.ToDictionary(index => index, index => Narrowest(table, natural, index));
        var rest = width - Total(shown, index => widths[index]);
        foreach (var index in shown)
        {
            var more = Math.Clamp(natural[index] - widths[index], 0, Math.Max(0, rest));
            widths[index] += more;
            rest -= more;
        }
        // Columns that always remain are shortened where the terminal is narrower still.
        for (; rest < 0; rest++)
        {
            var widest = shown.MaxBy(index => widths[index]);
            if (widths[widest] <= 1)
                break;
            widths[widest]--;
        }
        Debug.Assert(rest < 0 || Total(shown, index => widths[index]) <= width, "the columns fit");
        var noteWidth = width >= WideTerminal && rest > NarrowestNote ? rest - 1 : 0;
        return new TableLayout([.. shown.Select(index => (index, widths[index]))], noteWidth);
    }

    private static int? MostDroppable(Table table, List<int> shown)
    {
        var most = shown.MaxBy(index => table.Columns[index].Drop);
        return table.Columns[most].Drop > 0 ? most : null;
    }

    private static int Total(List<int> shown, Func<int, int> width) => shown.Sum(width) + Math.Max(0, shown.Count - 1);

    private static int Narrowest(Table table, int[] natural, int index) => Math.Min(natural[index], Math.Max(table.Columns[index].Narrowest, CellText.Width(table.Columns[index].Title)));

    private static int Natural(Table table, Column column, int index) =>
        Math.Min(table.Rows.Select(row => CellText.Width(TableText.Shown(row.Cells[index]))).Append(CellText.Width(column.Title)).Max(), Math.Max(column.Widest, CellText.Width(column.Title)));
}
