using System.Reflection;

namespace Actors.Host.Tests;

/// <summary>The built program, with its plugins and policies beside it.</summary>
internal static class ProgramFolder
{
    public static string Root { get; } = typeof(ProgramFolder).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ProgramFolder").Value!;

    public static string Plugins => Path.Combine(Root, "plugins");

    public static string Policies => Path.Combine(Root, "policies");
}
