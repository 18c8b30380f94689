using Actors.Isolation.Child;

namespace Actors.Loading.Child;

/// <summary>The program in its role as the process of one plugin.</summary>
internal static class PluginChild
{
    /// <summary>The first argument of the program in this role.</summary>
    public const string Role = "plugin-process";

    public static string Build => ProgramBuild.Of(typeof(PluginChild));

    /// <summary>Serves the plugin until the daemon closes the connection.</summary>
    public static int Run(IReadOnlyList<string> arguments) => ChildRole.Run(arguments, Build, (parent, connection) => new PluginServer(parent, connection));
}
