using System.Collections.Frozen;
using Actors.Loading.Files;

namespace Actors.Loading.Signing;

/// <summary>
/// The files of the plugins that ship with Actors. The build writes their hashes to a file next to the program, in the format of sha256sum,
/// so that a plugin cannot pass itself off as one of them.
/// </summary>
/// <param name="hashes">The hash of each file by <c>ID/NAME</c>.</param>
internal sealed class ShippedFiles(IReadOnlyDictionary<string, string> hashes)
{
    private const string FileName = "plugins.sha256";
    private const int HashDigits = 64;

    /// <summary>Those of this program; <see langword="null"/> if it has no such file.</summary>
    public static ShippedFiles? Here { get; } = Read(Path.Combine(AppContext.BaseDirectory, FileName));

    /// <summary>Reads the file; <see langword="null"/> if there is none.</summary>
    public static ShippedFiles? Read(string path) => File.Exists(path)
        ? new ShippedFiles(File.ReadLines(path).Where(line => line.Length > HashDigits + 2).ToFrozenDictionary(line => line[(HashDigits + 2)..].Replace('\\', '/'), line => line[..HashDigits].ToLowerInvariant()))
        : null;

    /// <summary>Whether every file that matters is as it ships. Symbols, documentation and a signature do not matter.</summary>
    public bool Contains(string id, PluginImage image) => image.Files
        .Where(file => file.Name != SignatureFile.FileName && Path.GetExtension(file.Name) is not (".pdb" or ".xml"))
        .All(file => hashes.GetValueOrDefault($"{id}/{file.Name}") == file.Sha256);
}
