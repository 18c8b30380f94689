using Actors.Cli.CommandLine;
using Actors.Sdk.Text;

namespace Actors.Cli.Presentation;

/// <summary>A table as lines of text.</summary>
internal static class TableText
{
    private const int Indent = 4;
    private const int NarrowestNote = 16;

    /// <summary>The lines for a terminal. No line is longer than the terminal is wide, and no note is shortened.</summary>
    /// <param name="table">The table.</param>
    /// <param name="look">How the terminal looks.</param>
    /// <param name="width">Its width.</param>
    /// <param name="header">Whether the titles are shown.</param>
    public static IEnumerable<string> Lines(Table table, TerminalLook look, int width, bool header)
    {
        var layout = TableLayout.Fit(table, width);
        if (header)
        {
            var titles = layout.Columns.Select(column => CellText.Pad(CellText.Shorten(table.Columns[column.Index].Title, column.Width), column.Width, table.Columns[column.Index].AlignRight));
            yield return string.Join(' ', layout.NoteWidth > 0 ? titles.Append(table.NoteTitle) : titles).TrimEnd();
        }
        foreach (var row in table.Rows)
        {
            var line = string.Join(' ', layout.Columns.Select(column => Text(table.Columns[column.Index], row.Cells[column.Index], column.Width, look)));
            var note = look.Text(Printable.Of(row.Note, Terminal.LongestLine));
            if (layout.NoteWidth == 0)
            {
                yield return line.TrimEnd();
                foreach (var part in row.ShowsNote ? CellText.Wrap(note, Math.Max(NarrowestNote, width - Indent)) : [])
                    yield return new string(' ', Indent) + part;
                continue;
            }
            var parts = CellText.Wrap(note, layout.NoteWidth);
            yield return $"{line} {(parts.Count > 0 ? parts[0] : "")}".TrimEnd();
            foreach (var part in parts.Skip(1))
                yield return new string(' ', width - layout.NoteWidth) + part;
        }
    }

    /// <summary>The lines for a pipe: all columns, separated by tabs, with exact values.</summary>
    public static IEnumerable<string> PipeLines(Table table, bool header)
    {
        if (header)
            yield return string.Join('\t', table.Columns.Select(column => column.PipeTitle).Append(table.NoteTitle));
        foreach (var row in table.Rows)
            yield return string.Join('\t', row.Cells.Select(cell => cell.Exact).Append(row.Note).Select(text => text.Length == 0 ? "-" : Printable.Of(text, Terminal.LongestLine)));
    }

    /// <summary>A value as it appears on a terminal, before it is fitted into its column.</summary>
    public static string Shown(Cell cell) => cell.Shown.Length == 0 ? "-" : Printable.Of(cell.Shown);

    private static string Text(Column column, Cell cell, int width, TerminalLook look)
    {
        var text = CellText.Shorten(look.Text(Shown(cell)), width);
        return CellText.Pad(text, width, column.AlignRight, look.Paint(text, cell.Tone));
    }
}
