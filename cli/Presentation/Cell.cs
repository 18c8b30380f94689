namespace Actors.Cli.Presentation;

/// <summary>One value of a table.</summary>
/// <param name="Shown">The value for a terminal, short and rounded.</param>
/// <param name="Exact">The value for a program that reads a pipe.</param>
/// <param name="Tone">What it means to the reader.</param>
internal readonly record struct Cell(string Shown, string Exact, Tone Tone = Tone.Plain)
{
    /// <summary>A value that does not exist, or that nobody knows.</summary>
    public static readonly Cell None = Of("-");

    public static Cell Of(string text, Tone tone = Tone.Plain) => new(text, text, tone);
}
