using Actors.Cli.CommandLine;
using Actors.Sdk.Text;

namespace Actors.Cli.Presentation;

/// <summary>Prints data: fitted to a terminal, or in full to a pipe.</summary>
/// <param name="output">Where it is printed.</param>
/// <param name="look">How the terminal looks.</param>
/// <param name="width">The width of the terminal; <see langword="null"/> for a pipe.</param>
internal sealed class Screen(TextWriter output, TerminalLook look, int? width)
{
    private const int UnknownWidth = 80;
    private const int NarrowestText = 16;

    public bool IsTerminal => width is not null;

    /// <summary>The standard output of this process.</summary>
    /// <param name="ascii">Whether the user wants ASCII.</param>
    public static Screen Standard(bool ascii = false)
    {
        var isTerminal = !Console.IsOutputRedirected;
        // A terminal may report a width of 0.
        int? width = isTerminal ? Console.WindowWidth is > 1 and var columns ? columns : UnknownWidth : null;
        return new Screen(Console.Out, TerminalLook.Of(isTerminal, ascii, Environment.GetEnvironmentVariable), width);
    }

    public void Print(Table table, bool header = true)
    {
        foreach (var line in width is { } columns ? TableText.Lines(table, look, columns, header) : TableText.PipeLines(table, header))
            output.WriteLine(line);
    }

    /// <summary>Prints a text after a lead. The lines that the text needs on a terminal are indented by the width of the lead.</summary>
    public void Print(string lead, string text, Tone tone = Tone.Plain, Tone leadTone = Tone.Plain)
    {
        var (shownLead, shown) = (look.Text(Printable.Of(lead)), look.Text(Printable.Of(text, Terminal.LongestLine)));
        var indent = CellText.Width(shownLead);
        IReadOnlyList<string> parts = width is { } columns ? CellText.Wrap(shown, Math.Max(NarrowestText, columns - indent)) : [shown];
        var painted = look.Paint(shownLead, leadTone);
        output.WriteLine((parts.Count > 0 ? painted + look.Paint(parts[0], tone) : painted).TrimEnd());
        foreach (var part in parts.Skip(1))
            output.WriteLine(new string(' ', indent) + look.Paint(part, tone));
    }

    /// <summary>Prints a labelled text to the standard output of this process.</summary>
    public static void Field(string label, string text) => Standard().Print($"  {label,-11}", text);

    public void Print() => output.WriteLine();
}
