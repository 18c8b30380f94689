using System.Globalization;
using System.Runtime.InteropServices;
using Actors.Isolation.Messages;
using Actors.Isolation.Remote;
using Actors.Isolation.Sandbox;
using Actors.Isolation.Wire;

namespace Actors.Isolation.Child;

/// <summary>The program in the role of a child. The daemon, or a command, starts it, and it ends with the process that started it.</summary>
internal static partial class ChildRole
{
    private const int UsageError = 2;
    private const int Terminate = 15;
    private const nint DefaultHandler = 0;

    /// <summary>Serves until the other end closes the connection.</summary>
    /// <param name="arguments">The arguments of the program: the name of the role, and the number of the process that started it.</param>
    /// <param name="build">The build of the program.</param>
    /// <param name="serve">Creates the server; it gets the process that started this one, and the connection, which does not read yet.</param>
    public static int Run(IReadOnlyList<string> arguments, string build, Func<int, Func<WireConnection>, IChildServer> serve)
    {
        if (arguments.Count != 2 || !int.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out var parent) || !Console.IsInputRedirected)
        {
            Console.Error.WriteLine($"actors: '{arguments[0]}' is started by the daemon only");
            return UsageError;
        }
        Confinement.EndWithParent(parent);
        // SIGTERM ends it at once. The runtime would first run what foreign code registered for its exit.
        _ = SetHandler(Terminate, DefaultHandler);
        var (input, output) = StandardStreams.Take();
        WireConnection? connection = null;
        var server = serve(parent, () => connection!);
        var trim = new IdleTrim();
        connection = new WireConnection(input, output)
        {
            Answer = (frame, cancellation) =>
            {
                trim.Note();
                return AnswerAsync(server, frame, cancellation);
            },
            Notice = server.Handle,
            Describe = Errors.Describe,
            Restore = Errors.Restore,
        };
        TaskScheduler.UnobservedTaskException += (_, error) => server.HandleUnobserved(error.Exception);
        connection.Send(Verb.Hello, Body.Of(new HelloBody(build), WireJson.Default.HelloBody));
        connection.Run(() => new OperationCanceledException("the daemon closed the connection"));
        // Nothing of the foreign code may delay the end.
        Exit(0);
        return 0;
    }

    // What filled the memory is still there, and an answer would need some.
    private static async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(IChildServer server, Frame frame, CancellationToken cancellation)
    {
        try
        {
            return await server.AnswerAsync(frame, cancellation);
        }
        catch (OutOfMemoryException)
        {
            Environment.FailFast("Out of memory.");
            throw;
        }
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);
}
