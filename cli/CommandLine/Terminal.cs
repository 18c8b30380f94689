using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Actors.Sdk.Text;
using Actors.XenStore;

namespace Actors.Cli.CommandLine;

/// <summary>
/// Writes to the terminal: data to stdout, messages to stderr. All text passes <see cref="Printable"/>, because much of it comes from
/// guests, plugins and files.
/// </summary>
internal static class Terminal
{
    /// <summary>The longest line that is printed, in characters.</summary>
    public const int LongestLine = 4000;

    private const int LongestValue = 100;

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Runs a command and turns every error into a message and an exit code.</summary>
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
            return Fail(ExitCode.Failed, $"{error.Message}: only root in dom0 may do that");
        }
        catch (OperationCanceledException)
        {
            return Fail(ExitCode.Failed, "interrupted");
        }
        catch (Exception error)
        {
            var expected = error is XenStoreException or XenStoreProtocolException or IOException or UnauthorizedAccessException;
            return Fail(ExitCode.Failed, expected ? error.Message : $"unexpected error: {error.GetType().Name}: {error.Message}");
        }
    }

    /// <summary>A foreign value within a line: safe to print, and not long.</summary>
    public static string Value(string? value) => Printable.Of(value, LongestValue);

    /// <summary>Prints one line to stdout.</summary>
    public static void Line(string text) => Console.Out.WriteLine(Printable.Of(text, LongestLine));

    /// <summary>Prints one line to stderr. If that is closed or full, the exit code has to be enough.</summary>
    public static void Message(string text)
    {
        try
        {
            Console.Error.WriteLine(Printable.Of(text, LongestLine));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // There is nowhere to report this.
        }
    }

    /// <summary>Prints the error of a command to stderr, and returns the exit code.</summary>
    public static int Fail(int code, string message)
    {
        foreach (var line in $"actors: {message}".Split('\n'))
            Message(line);
        return code;
    }

    public static void Json<T>(T value, JsonTypeInfo<T> type)
    {
        var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, Readable))
            JsonSerializer.Serialize(writer, value, type);
        Console.Out.WriteLine(Printable.Json(Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length)));
    }
}
