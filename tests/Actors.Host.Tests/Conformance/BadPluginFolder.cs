using Actors.Loading.Compatibility;

namespace Actors.Host.Tests.Conformance;

/// <summary>A copy of the plugin that breaks the rules, with one of its actors.</summary>
internal sealed class BadPluginFolder : IDisposable
{
    public BadPluginFolder(string actor) => Fill(Path, actor);

    public string Path { get; } = Directory.CreateTempSubdirectory("plugin").FullName;

    public static void Fill(string folder, string actor)
    {
        foreach (var file in Directory.EnumerateFiles(ProgramFolder.BadPlugin))
            File.Copy(file, System.IO.Path.Combine(folder, System.IO.Path.GetFileName(file)));
        var manifest = System.IO.Path.Combine(folder, Manifest.FileName);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("[liar, deaf, keeps]", $"[{actor}]", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
