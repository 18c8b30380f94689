using System.Security.Cryptography;
using Actors.Loading.Compatibility;
using Actors.Loading.Files;

namespace Actors.Loading.Tests;

/// <summary>The folder of a plugin that fits the test's host, until a test changes it.</summary>
internal sealed class PluginFolder : IDisposable
{
    public static readonly HostCompatibility Host = new(new Version(1, 2), 10, name => name is "System.Runtime" or "System.Linq");

    public PluginFolder()
    {
        Manifest();
        Write("acme.dll", AssemblyFile.WithActor());
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("plugin-folder-").FullName;

    public void Manifest(string contract = "1.2", string actors = "squeeze", string more = "") =>
        File.WriteAllText(System.IO.Path.Combine(Path, "plugin.yaml"), $"id: acme\nversion: 3.1\ncontract: {contract}\nactors: [{actors}]\n{more}");

    public void Write(string name, byte[] content)
    {
        var file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
    }

    public void Delete(string name) => File.Delete(System.IO.Path.Combine(Path, name));

    public string Hash(string name) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(System.IO.Path.Combine(Path, name))));

    public (Manifest? Manifest, Verdict Verdict) Check() => Judge.Try(PluginImage.Read(PluginListing.Of(Path)!), Host);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
