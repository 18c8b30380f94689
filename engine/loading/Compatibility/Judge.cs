using System.Text;
using Actors.Loading.Files;
using Actors.Loading.Native;
using Actors.Sdk;
using Actors.Yaml;

namespace Actors.Loading.Compatibility;

/// <summary>Decides from its files whether a plugin fits a host, and lists all reasons why it does not. Pure: nothing of the plugin is loaded.</summary>
internal static class Judge
{
    private const string Copy = "copy the plugin's whole output folder";

    public static readonly string SdkName = typeof(IActor).Assembly.GetName().Name!;

    public static (Manifest? Manifest, Verdict Verdict) Try(PluginImage image, HostCompatibility host)
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
        var found = Problems(image, manifest, host).Distinct().ToList();
        return (manifest, found.Count == 0 ? Verdict.Of(Fit.Fits) : new Verdict(found[0].Fit, [.. found.Select(problem => problem.Text)]));
    }

    private static IEnumerable<Problem> Problems(PluginImage image, Manifest manifest, HostCompatibility host)
    {
        var assemblies = image.Files.Where(IsPortable).Select(file => (File: file, Portable: PortableFile.Read(file.Content))).ToList();
        return ContractVersion(manifest, manifest.Contract, host.Contract, "is built for contract")
            .Concat(Integrity(image, manifest))
            .Concat(Damage(image, assemblies))
            .Concat(MainAssembly(image, manifest))
            .Concat(Versions(manifest, [.. assemblies.SelectMany(assembly => assembly.Portable.Needs)], host))
            .Concat(Missing(image, assemblies, host))
            .Concat(UniqueNames.FindProblems(NativeFile.In(image.Files)).Select(NotAPlugin));
    }

    private static IEnumerable<Problem> ContractVersion(Manifest manifest, Version wanted, Version host, string how)
    {
        var both = $"'{manifest.Id}' {manifest.Version} {how} {wanted.ToString(2)}, and this host has {host.ToString(2)}";
        if (wanted.Major < host.Major)
            yield return new Problem(Fit.TooOld, $"{both}; get a newer version of the plugin");
        else if (wanted.Major > host.Major || wanted.Minor > host.Minor)
            yield return new Problem(Fit.TooNew, $"{both}; update the host, or use an older version of the plugin");
    }

    private static IEnumerable<Problem> Integrity(PluginImage image, Manifest manifest)
    {
        if (manifest.Sha256 is not { } listed)
            yield break;
        foreach (var (name, hash) in listed.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (image.Find(name) is not { } file)
                yield return NotTrusted($"'{name}' is missing, and {Manifest.FileName} lists it with {hash}; {Copy}");
            else if (file.Sha256 != hash)
                yield return NotTrusted($"'{name}' has {file.Sha256}, and {Manifest.FileName} lists {hash}; get the plugin again from its source");
        }
        foreach (var file in image.Files.Where(file => IsCode(file) && !listed.ContainsKey(file.Name)))
            yield return NotTrusted($"'{file.Name}' is not in the list of {Manifest.FileName}, which must name all code; remove the file, or list it with {file.Sha256}");
    }

    private static IEnumerable<Problem> Damage(PluginImage image, IEnumerable<(ImageFile File, PortableFile Portable)> assemblies)
    {
        var damaged = assemblies.Select(assembly => (assembly.File, assembly.Portable.Damage))
            .Concat(image.Files.Where(file => SharedObject.IsElf(file.Content)).Select(file => (File: file, Damage: SharedObject.FindDamage(file.Content))));
        foreach (var (file, damage) in damaged.Where(pair => pair.Damage is not null).OrderBy(pair => pair.File.Name, StringComparer.Ordinal))
            yield return NotAPlugin($"'{file.Name}' is incomplete: {damage}; copy it again");
    }

    private static IEnumerable<Problem> MainAssembly(PluginImage image, Manifest manifest)
    {
        if (image.Find(manifest.MainFile) is not { } file)
        {
            yield return NotAPlugin($"'{manifest.MainFile}' is missing; {Copy}");
            yield break;
        }
        var main = PortableFile.Read(file.Content);
        if (main.Damage is not null)
            yield break;
        if (!main.IsManaged)
            yield return NotAPlugin($"'{manifest.MainFile}' is not a .NET assembly; {Copy}");
        else if (!main.Needs.Any(need => need.Name == SdkName))
            yield return NotAPlugin($"'{manifest.MainFile}' does not reference {SdkName}, so it cannot contain an actor; is 'id' the name of the right DLL?");
        else
            foreach (var problem in ActorClasses(manifest, ActorClass.In(file.Content)))
                yield return problem;
    }

    private static IEnumerable<Problem> ActorClasses(Manifest manifest, IReadOnlyList<ActorClass> classes)
    {
        var found = classes.ToLookup(one => one.Actor, one => one.Type);
        var missing = manifest.Actors.Where(name => !found.Contains(name)).ToList();
        if (missing.Count > 0)
        {
            yield return NotAPlugin($"the manifest names the actor '{string.Join("', '", missing)}', but no class has the attribute [Actor(\"{missing[0]}\")]; "
                + $"found: {(found.Count == 0 ? "none" : string.Join(", ", found.Select(group => group.Key).Order(StringComparer.Ordinal)))}");
        }
        foreach (var name in manifest.Actors.Where(name => found[name].Count() > 1))
            yield return NotAPlugin($"several classes have the attribute [Actor(\"{name}\")]: {string.Join(", ", found[name])}");
    }

    private static IEnumerable<Problem> Versions(Manifest manifest, List<AssemblyNeed> needs, HostCompatibility host)
    {
        foreach (var need in needs.Where(need => need.Name == SdkName).DistinctBy(need => need.Version))
        {
            foreach (var problem in ContractVersion(manifest, need.Version, host.Contract, $"was compiled against {SdkName}"))
                yield return problem;
        }
        if (needs.Where(need => need.Name == "System.Runtime").Select(need => need.Version.Major).DefaultIfEmpty().Max() is var net && net > host.Framework)
        {
            yield return new Problem(Fit.TooNew,
                $"'{manifest.Id}' {manifest.Version} is built for .NET {net}, and this host runs on .NET {host.Framework}; update the host, or use an older version of the plugin");
        }
    }

    // A missing assembly would be taken from the host if the host happens to have one of that name, whatever its version.
    private static IEnumerable<Problem> Missing(PluginImage image, IReadOnlyList<(ImageFile File, PortableFile Portable)> assemblies, HostCompatibility host)
    {
        var there = image.Files.Select(file => Path.GetFileName(file.Name)).ToHashSet();
        foreach (var (file, portable) in assemblies)
        {
            var missing = portable.Needs.Select(need => need.Name).Where(name => name != SdkName && !host.IsFramework(name) && !there.Contains(name + ".dll")).ToList();
            if (missing.Count > 0)
                yield return NotAPlugin($"'{file.Name}' needs '{string.Join(".dll', '", missing)}.dll', which is not in the folder; {Copy} (EnableDynamicLoading in its project puts it there)");
        }
    }

    private static bool IsPortable(ImageFile file) => file.Name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);

    private static bool IsCode(ImageFile file) => IsPortable(file) || SharedObject.IsElf(file.Content);

    private static Problem NotAPlugin(string text) => new(Fit.NotAPlugin, text);

    private static Problem NotTrusted(string text) => new(Fit.NotTrusted, text);

    private sealed record Problem(Fit Fit, string Text);
}
