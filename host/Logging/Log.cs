using System.Globalization;
using Actors.Sdk;
using Actors.Sdk.Text;
using NLog;
using NLog.Config;
using NLog.Layouts;
using NLog.Targets;

namespace Actors.Host.Logging;

/// <summary>Writes the host's log to stderr, through NLog.</summary>
internal sealed class Log(Logger logger, string prefix) : IActorLog
{
    private const int LongestLine = 4000;

    /// <summary>A log that discards everything.</summary>
    public static IActorLog Silent { get; } = new Log(LogManager.CreateNullLogger(), "");

    public static void ToStderr(bool verbose)
    {
        // The last lines are written while the process exits, and nothing is buffered.
        LogManager.AutoShutdown = false;
        var configuration = new LoggingConfiguration();
        var target = new ConsoleTarget("stderr") { StdErr = true, Layout = Layout.FromMethod(Line) };
        configuration.AddRule(verbose ? LogLevel.Debug : LogLevel.Info, LogLevel.Fatal, target);
        LogManager.Configuration = configuration;
    }

    /// <summary>One line of the log. Its text may come from guests and plugins, so it passes <see cref="Printable"/>.</summary>
    public static string Line(LogEventInfo entry) =>
        string.Create(CultureInfo.InvariantCulture, $"{entry.TimeStamp.ToUniversalTime():HH:mm:ss.fff} {entry.Level.Name.ToLowerInvariant(),-5} {Printable.Of(entry.FormattedMessage, LongestLine)}");

    public static IActorLog For(DomainIdentity? domain) =>
        new Log(LogManager.GetLogger("actors"), domain is null ? "" : $"{domain}: ");

    public void Debug(string message) => logger.Debug("{0}{1}", prefix, message);

    public void Info(string message) => logger.Info("{0}{1}", prefix, message);

    public void Warn(string message) => logger.Warn("{0}{1}", prefix, message);
}
