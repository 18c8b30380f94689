using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Actors.XenStore;
using Spectre.Console;

namespace Actors.Host.CommandLine;

/// <summary>stdout is data, stderr is talk.</summary>
internal static class Terminal
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Does a command's work; an error becomes a message and an exit code.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (CommandException error)
        {
            return Fail(error.ExitCode, error.Message);
        }
        catch (XenStoreConnectionException error)
        {
            return Fail(ExitCode.Unreachable, error.Message);
        }
        catch (XenStoreException error) when (error.Error is XenStoreError.AccessDenied or XenStoreError.NotPermitted)
        {
            return Fail(ExitCode.Failed, $"{error.Message}: only dom0 may do that");
        }
        catch (Exception error) when (error is XenStoreException or IOException or UnauthorizedAccessException)
        {
            return Fail(ExitCode.Failed, error.Message);
        }
        catch (OperationCanceledException)
        {
            return Fail(ExitCode.Failed, "interrupted");
        }
    }

    public static void Talk(string text) => Console.Error.WriteLine(text);

    public static void Json<T>(T value, JsonTypeInfo<T> type)
    {
        using var output = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(output, Readable))
            JsonSerializer.Serialize(writer, value, type);
        output.WriteByte((byte)'\n');
    }

    /// <summary>A table for people; a pipe gets it as wide as it is.</summary>
    public static void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
            table.AddColumn(new TableColumn(Markup.Escape(column)));
        foreach (var row in rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        Out.Write(table);
    }

    public static IAnsiConsole Out { get; } = MakeOut();

    // Colour is for eyes: a pipe gets none, and neither does who asks for none (no-color.org).
    private static IAnsiConsole MakeOut()
    {
        var plain = Console.IsOutputRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (Console.IsOutputRedirected)
            console.Profile.Width = PipeWidth;
        return console;
    }

    private const int PipeWidth = 240;

    private static int Fail(int code, string message)
    {
        Talk($"actors: {message}");
        return code;
    }
}
