using System.Text;
using Actors.Loading.Files;
using Actors.Sdk;
using Actors.Yaml;

namespace Actors.Loading.Compatibility;

/// <summary>What there is on the host's side.</summary>
/// <param name="Contract">The contract's version.</param>
/// <param name="Framework">The major version of .NET.</param>
/// <param name="IsFramework">Whether an assembly comes with .NET.</param>
internal sealed record HostCompatibility(Version Contract, int Framework, Func<string, bool> IsFramework)
{
    private static readonly string FrameworkFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    public static HostCompatibility Here { get; } = new(Sdk.Contract.Version, Environment.Version.Major, ComesWithFramework);

    public static bool ComesWithFramework(string assembly) => File.Exists(Path.Combine(FrameworkFolder, assembly + ".dll"));
}

/// <summary>Judges a plugin by what lies in its folder. Pure: nothing of it is loaded.</summary>
internal static class Judge
{
    private const string Copy = "copy the plugin's whole output folder";

    public static readonly string SdkName = typeof(IActor).Assembly.GetName().Name!;

    public static (Manifest? Manifest, Verdict Verdict) Try(PluginImage image, HostCompatibility ground)
    {
        if (image.Find(Manifest.FileName) is not { } file)
            return (null, Verdict.Of(Fit.NotAPlugin, $"there is no {Manifest.FileName}; remove the folder or complete it"));
        var problems = new YamlProblems(Path.Combine(image.Folder, Manifest.FileName));
        var manifest = file.Content.Length > YamlFile.MaxBytes ? null : Manifest.Parse(Encoding.UTF8.GetString(file.Content), problems);
        if (manifest is null)
        {
            return (null, new Verdict(Fit.NotAPlugin, problems.Any
                ? [.. problems.InOrder.Select(problem => problem.ToString())]
                : [$"{Manifest.FileName} is larger than {YamlFile.MaxBytes} bytes"]));
        }
        return (manifest, Try(image, manifest, ground));
    }

    private static Verdict Try(PluginImage image, Manifest manifest, HostCompatibility ground)
    {
        if (OfContract(manifest, manifest.Contract, ground.Contract, "is built for contract") is { } misfit)
            return misfit;
        var tampered = Integrity(image, manifest).ToList();
        if (tampered.Count > 0)
            return new Verdict(Fit.NotTrusted, tampered);
        var broken = NotWhole(image).ToList();
        if (broken.Count > 0)
            return new Verdict(Fit.NotAPlugin, broken);
        if (image.Find(manifest.MainFile) is not { } main)
            return Verdict.Of(Fit.NotAPlugin, $"'{manifest.MainFile}' is missing; {Copy}");
        return OfReferences(image, manifest, PortableFile.Read(main.Content), ground);
    }

    private static Verdict OfReferences(PluginImage image, Manifest manifest, PortableFile main, HostCompatibility ground)
    {
        if (!main.IsManaged)
            return Verdict.Of(Fit.NotAPlugin, $"'{manifest.MainFile}' is no .NET assembly; {Copy}");
        var needs = Assemblies(image).SelectMany(assembly => assembly.Needs).ToList();
        foreach (var need in needs.Where(need => need.Name == SdkName))
        {
            if (OfContract(manifest, need.Version, ground.Contract, $"was compiled against {SdkName}") is { } misfit)
                return misfit;
        }
        if (needs.Where(need => need.Name == "System.Runtime").Select(need => need.Version.Major).DefaultIfEmpty().Max() is var net && net > ground.Framework)
        {
            return Verdict.Of(Fit.TooNew,
                $"'{manifest.Id}' {manifest.Version} is built for .NET {net}, and this host runs on .NET {ground.Framework}; update the host, or take an older version of the plugin");
        }
        if (!main.Needs.Any(need => need.Name == SdkName))
            return Verdict.Of(Fit.NotAPlugin, $"'{manifest.MainFile}' does not reference {SdkName}, so no actor can be in it; is 'id' the name of the right DLL?");
        var missing = main.Needs.Select(need => need.Name)
            .Where(name => name != SdkName && !ground.IsFramework(name) && !image.Files.Any(file => Path.GetFileName(file.Name) == name + ".dll")).ToList();
        return missing.Count > 0
            ? Verdict.Of(Fit.NotAPlugin, $"'{manifest.MainFile}' needs '{string.Join(".dll', '", missing)}.dll', which is not in the folder; {Copy} (EnableDynamicLoading in its project puts it there)")
            : Verdict.Of(Fit.Fits);
    }

    private static Verdict? OfContract(Manifest manifest, Version wanted, Version host, string how)
    {
        var both = $"'{manifest.Id}' {manifest.Version} {how} {wanted.ToString(2)}, and this host has {host.ToString(2)}";
        if (wanted.Major < host.Major)
            return Verdict.Of(Fit.TooOld, $"{both}; get a newer version of the plugin");
        return wanted.Major > host.Major || wanted.Minor > host.Minor
            ? Verdict.Of(Fit.TooNew, $"{both}; update the host, or take an older version of the plugin")
            : null;
    }

    private static IEnumerable<string> NotWhole(PluginImage image)
    {
        foreach (var file in image.Files)
        {
            var broken = IsPortable(file) ? PortableFile.Read(file.Content).Broken
                : SharedObject.Claims(file.Content) ? SharedObject.Broken(file.Content) : null;
            if (broken is not null)
                yield return $"'{file.Name}' is not whole: {broken}; copy it again";
        }
    }

    private static IEnumerable<PortableFile> Assemblies(PluginImage image) =>
        image.Files.Where(IsPortable).Select(file => PortableFile.Read(file.Content)).Where(file => file.IsManaged);

    private static bool IsPortable(ImageFile file) => file.Name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Integrity(PluginImage image, Manifest manifest)
    {
        if (manifest.Sha256 is not { } listed)
            yield break;
        foreach (var (name, hash) in listed.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (image.Find(name) is not { } file)
                yield return $"'{name}' is missing, and {Manifest.FileName} lists it with {hash}; {Copy}";
            else if (file.Sha256 != hash)
                yield return $"'{name}' has {file.Sha256}, and {Manifest.FileName} lists {hash}; get the plugin again from whom you have it";
        }
        foreach (var file in image.Files.Where(file => IsCode(file) && !listed.ContainsKey(file.Name)))
            yield return $"'{file.Name}' is not in the list of {Manifest.FileName}, which must name all code; remove the file, or list it with {file.Sha256}";
    }

    private static bool IsCode(ImageFile file) => IsPortable(file) || SharedObject.Claims(file.Content);
}
