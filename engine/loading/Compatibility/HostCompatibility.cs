using System.Reflection;
using System.Text.Json;

namespace Actors.Loading.Compatibility;

/// <summary>The properties of a host with which a plugin must be compatible.</summary>
/// <param name="Contract">The contract's version.</param>
/// <param name="Framework">The major version of .NET.</param>
/// <param name="IsFramework">Whether an assembly comes with .NET.</param>
internal sealed record HostCompatibility(Version Contract, int Framework, Func<string, bool> IsFramework)
{
    private static readonly string FrameworkFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
    private static readonly Lazy<IReadOnlySet<string>> Shipped = new(ReadShipped);

    /// <summary>This host.</summary>
    public static HostCompatibility Here { get; } = new(Sdk.Contract.Version, Environment.Version.Major,
        assembly => File.Exists(Path.Combine(FrameworkFolder, assembly + ".dll")) && !Shipped.Value.Contains(assembly));

    /// <summary>The assemblies in a deps.json that do not come with .NET.</summary>
    public static IReadOnlySet<string> ShippedIn(string depsJson)
    {
        using var deps = JsonDocument.Parse(depsJson);
        return deps.RootElement.GetProperty("targets").EnumerateObject()
            .SelectMany(target => target.Value.EnumerateObject())
            .Where(library => !library.Name.StartsWith("runtimepack.", StringComparison.Ordinal) && library.Value.TryGetProperty("runtime", out _))
            .SelectMany(library => library.Value.GetProperty("runtime").EnumerateObject())
            .Select(asset => Path.GetFileNameWithoutExtension(asset.Name)).ToHashSet();
    }

    // A host that is published with its .NET has its own assemblies in the same folder.
    private static IReadOnlySet<string> ReadShipped()
    {
        var deps = Path.Combine(FrameworkFolder, $"{Assembly.GetEntryAssembly()?.GetName().Name}.deps.json");
        return File.Exists(deps) ? ShippedIn(File.ReadAllText(deps)) : new HashSet<string>();
    }
}
