using System.Reflection;

namespace Actors.Host.Tests;

/// <summary>The folder of the built program, with its plugins and policies.</summary>
internal static class ProgramFolder
{
    public static string Root { get; } = Metadata("ProgramFolder");

    /// <summary>The plugin that is built for tests.</summary>
    public static string Sample { get; } = Metadata("SampleFolder");

    /// <summary>A plugin for tests, with actors that each break one rule.</summary>
    public static string BadPlugin { get; } = Metadata("BadPlugin");

    /// <summary>A plugin for tests, whose actors attack the process they run in.</summary>
    public static string HostilePlugin { get; } = Metadata("HostilePlugin");

    /// <summary>A plugin for tests, which uses each part of the contract.</summary>
    public static string VendorPlugin { get; } = Metadata("VendorPlugin");

    /// <summary>A plugin for tests, compiled against contract 1.0 as it was released.</summary>
    public static string FirstPlugin { get; } = Metadata("FirstPlugin");

    /// <summary>The program.</summary>
    public static string Program => Path.Combine(Root, "actors");

    /// <summary>The scripts that build what a package contains.</summary>
    public static string Packaging { get; } = Metadata("PackagingFolder");

    public static string Plugins => Path.Combine(Root, "plugins");

    public static string Policies => Path.Combine(Root, "policies");

    public static string InDocs(string file) => Path.Combine(Metadata("DocsFolder"), file);

    private static string Metadata(string key) => typeof(ProgramFolder).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
