using Actors.Sdk.Text;

namespace Actors.Cli.CommandLine;

/// <summary>One line of a terminal that is overwritten again and again, and removed at the end.</summary>
/// <param name="output">The terminal.</param>
/// <param name="width">The number of columns of the terminal.</param>
internal sealed class ProgressLine(TextWriter output, Func<int> width) : IDisposable
{
    private const string ToStartAndErase = "\r\e[K";
    private const int UnknownWidth = 80;
    private string _shown = "";

    /// <summary>Opens a line on stderr; <see langword="null"/> if that is not a terminal that can overwrite a line.</summary>
    public static ProgressLine? TryOpen() =>
        Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb"
            ? null
            : new ProgressLine(Console.Error, () => Console.BufferWidth);

    /// <summary>Shows a text in place of the one before. A text that is too long is cut, because a line that wraps cannot be overwritten.</summary>
    public void Show(string text)
    {
        var fitting = Printable.Of(text, (width() is > 10 and var columns ? columns : UnknownWidth) - 2);
        if (fitting == _shown)
            return;
        output.Write(ToStartAndErase + fitting);
        output.Flush();
        _shown = fitting;
    }

    /// <summary>Removes the line, so that the next output begins where it began.</summary>
    public void Dispose()
    {
        if (_shown.Length == 0)
            return;
        output.Write(ToStartAndErase);
        output.Flush();
        _shown = "";
    }
}
