using Actors.Isolation.Child;

namespace Actors.Loading.Child;

/// <summary>The program in its role as the process of one plugin.</summary>
internal static class PluginChild
{
    /// <summary>The first argument of the program in this role.</summary>
    public const string Role = "plugin-process";

    public static string Build => ProgramBuild.Of(typeof(PluginChild));

    // How soon the daemon knows of metrics that change outside of a call.
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    /// <summary>Serves the plugin until the daemon closes the connection.</summary>
<<<<<<< HEAD
    public static int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count != 2 || !int.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out var parent) || !Console.IsInputRedirected)
        {
            Console.Error.WriteLine($"actors: '{Role}' is started by the daemon only");
            return UsageError;
        }
        Confinement.EndWithParent(parent);
        var (input, output) = StandardStreams.Take();
        var server = new PluginServer(parent);
        var connection = new WireConnection(input, output)
        {
            // The reader must stay free, whatever the plugin does.
            Answer = (frame, cancellation) => new ValueTask<ReadOnlyMemory<byte>>(Task.Run(() => AnswerAsync(server, frame, cancellation), CancellationToken.None)),
            Notice = frame => throw new WireException($"the daemon sent the notice '{frame.Verb}'"),
            Describe = Errors.Describe,
            Restore = Errors.Restore,
        };
        server.Connection = connection;
        TaskScheduler.UnobservedTaskException += (_, error) => server.ReportFault(error.Exception);
        connection.Send(Verb.Hello, Body.Of(new HelloBody(ProgramBuild.Id), WireJson.Default.HelloBody));
        using var reports = new Timer(_ => server.ReportMetrics(), null, ReportEvery, ReportEvery);
        connection.Run(() => new OperationCanceledException("the daemon closed the connection"));
        // Nothing of the plugin may delay the end.
        Exit(0);
        return 0;
    }

    // What filled the memory is still there, and an answer would need some.
    private static async Task<ReadOnlyMemory<byte>> AnswerAsync(PluginServer server, Frame frame, CancellationToken cancellation)
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

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);
=======
    public static int Run(IReadOnlyList<string> arguments) => ChildRole.Run(arguments, Build, (parent, connection) => new PluginServer(parent, connection));
>>>>>>> main
}
