namespace Actors.Cli.Presentation;

/// <summary>One column of a table.</summary>
/// <param name="Title">The title on a terminal.</param>
internal sealed record Column(string Title)
{
    /// <summary>The title in a pipe, with the unit of exact values.</summary>
    public string PipeTitle { get; init; } = Title.Replace(' ', '_');

    /// <summary>Columns with a higher number are dropped first where the terminal is narrow; a column with 0 always remains.</summary>
    public int Drop { get; init; }

    public bool AlignRight { get; init; }

    /// <summary>The column is shortened to this many columns of the terminal before another one is dropped. The default is its natural width.</summary>
    public int Narrowest { get; init; } = int.MaxValue;

    public int Widest { get; init; } = 40;
}

/// <summary>One row. The note is a text of any length, such as a reason: it is wrapped, never shortened.</summary>
/// <param name="Cells">One value for each column.</param>
/// <param name="Note">The note.</param>
/// <param name="ShowsNote">Whether the note is shown also where it does not fit into a column of its own.</param>
internal sealed record TableRow(IReadOnlyList<Cell> Cells, string Note = "", bool ShowsNote = true);

/// <summary>A table: what it says, not how it looks.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="NoteTitle">The title of the column of notes, which is the last one.</param>
/// <param name="Rows">The rows.</param>
internal sealed record Table(IReadOnlyList<Column> Columns, string NoteTitle, IReadOnlyList<TableRow> Rows);
