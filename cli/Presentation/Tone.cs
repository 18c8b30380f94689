namespace Actors.Cli.Presentation;

/// <summary>What a value means to the reader. The words carry the meaning too, so that a terminal without colour shows as much.</summary>
internal enum Tone
{
    Plain,
    Trouble,
    Warning,
    Active,
    Muted,
}
