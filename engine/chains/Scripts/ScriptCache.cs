using System.Security.Cryptography;
using System.Text;
using Actors.Chains.Scripts.Compiling;
using Actors.Dispatch.Files;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Chains.Scripts;

/// <summary>
/// Compiled scripts on disk. The key covers everything that went into one: the text, the program with its compiler, the contract, the runtime.
/// The cache holds code that the host will run, so only its user may write to it. A damaged or untrusted file is ignored.
/// </summary>
/// <param name="folder">The folder that is read and written.</param>
/// <param name="warn">Receives what is wrong with the cache.</param>
/// <param name="shipped">The folder of scripts that were compiled with the program; it is only read.</param>
internal sealed class ScriptCache(string folder, Action<string> warn, string? shipped = null)
{
    private const int HashLength = 32;

    private static readonly string Toolchain = string.Join(' ',
        typeof(ScriptCache).Module.ModuleVersionId, typeof(PolicyScript).Module.ModuleVersionId, typeof(Kib).Module.ModuleVersionId, Environment.Version);

    /// <summary>The compiled script; <see langword="null"/> if it is not in the cache.</summary>
    public ScriptImage? Find(ScriptSource source)
    {
        var name = NameOf(source);
        return (shipped is null ? null : FindIn(shipped, name)) ?? FindIn(folder, name);
    }

    private ScriptImage? FindIn(string directory, string name)
    {
        var path = Path.Combine(directory, name);
        try
        {
            if (!File.Exists(path))
                return null;
            if ((FileTrust.Refusal(directory) ?? FileTrust.Refusal(path)) is { } refusal)
            {
                warn($"the compiled script is not used: {refusal}");
                return null;
            }
            return Read(File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            warn($"{path}: {error.Message}; the script is compiled again");
            return null;
        }
    }

    /// <summary>Stores a compiled script.</summary>
    public void Store(ScriptSource source, ScriptImage image)
    {
        var path = Path.Combine(folder, NameOf(source));
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (FileTrust.Refusal(folder) is { } refusal)
            {
                warn($"compiled scripts are not stored: {refusal}");
                return;
            }
            // The file appears completely or not at all, whatever reads it meanwhile.
            var temporary = $"{path}.{Environment.ProcessId}";
            File.WriteAllBytes(temporary, Write(image));
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            warn($"compiled scripts are not stored: {error.Message}");
        }
    }

    private static string NameOf(ScriptSource source)
    {
        var key = $"{Toolchain}\n{source.Kind} {source.File} {source.Line} {source.Column}\n{source.Text}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    private static byte[] Write(ScriptImage image)
    {
        var content = new MemoryStream();
        using (var writer = new BinaryWriter(content, Encoding.UTF8))
        {
            writer.Write(image.Type);
            writer.Write(image.Method);
            writer.Write(string.Join(' ', image.Steps));
            writer.Write((int)image.Reads);
            writer.Write(image.Code.Length);
            writer.Write(image.Code);
            writer.Write(image.Symbols.Length);
            writer.Write(image.Symbols);
        }
        var bytes = content.ToArray();
        return [.. SHA256.HashData(bytes), .. bytes];
    }

    private static ScriptImage? Read(byte[] file)
    {
        if (file.Length < HashLength || !SHA256.HashData(file.AsSpan(HashLength)).AsSpan().SequenceEqual(file.AsSpan(0, HashLength)))
            return null;
        using var reader = new BinaryReader(new MemoryStream(file, HashLength, file.Length - HashLength), Encoding.UTF8);
        return new ScriptImage(
            reader.ReadString(),
            reader.ReadString(),
            reader.ReadString().Split(' ', StringSplitOptions.RemoveEmptyEntries),
            (ScriptReads)reader.ReadInt32(),
            reader.ReadBytes(reader.ReadInt32()),
            reader.ReadBytes(reader.ReadInt32()));
    }
}
