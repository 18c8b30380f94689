using System.Reflection;

namespace Actors.Host.Tests;

/// <summary>The built program, with its plugins and policies beside it.</summary>
internal static class ProgramFolder
{
    public static string Root { get; } = Metadata("ProgramFolder");

    /// <summary>The plugin that is built for tests.</summary>
    public static string Sample { get; } = Metadata("SampleFolder");

    /// <summary>A plugin made for tests, with actors that each do one thing wrong.</summary>
    public static string BadPlugin { get; } = Metadata("BadPlugin");

    public static string Plugins => Path.Combine(Root, "plugins");

    public static string Policies => Path.Combine(Root, "policies");

    private static string Metadata(string key) => typeof(ProgramFolder).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
