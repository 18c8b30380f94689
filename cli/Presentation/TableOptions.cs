using System.CommandLine;

namespace Actors.Cli.Presentation;

/// <summary>The options of every command that prints a table.</summary>
internal sealed class TableOptions
{
    private readonly Option<bool> _noHeader = new("--no-header") { Description = "Leave out the titles of the columns" };
    private readonly Option<bool> _ascii = AsciiOption();

    /// <summary>The option of a command that prints no table.</summary>
    public static Option<bool> AsciiOption() => new("--ascii") { Description = "Print ASCII only. Default: where the terminal or the locale needs it" };

    public void AddTo(Command command)
    {
        command.Options.Add(_noHeader);
        command.Options.Add(_ascii);
    }

    public void Print(Table table, ParseResult arguments) => Screen(arguments).Print(table, !arguments.GetValue(_noHeader));

    /// <summary>Prints a sentence below a table, on a terminal only: it is not data.</summary>
    public void PrintBelow(string text, ParseResult arguments)
    {
        var screen = Screen(arguments);
        if (!screen.IsTerminal)
            return;
        screen.Print();
        screen.Print("", text);
    }

    private Screen Screen(ParseResult arguments) => Presentation.Screen.Standard(arguments.GetValue(_ascii));
}
