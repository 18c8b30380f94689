using System.Security.Cryptography;
using System.Text;
using Actors.Chains.Scripts.Compiling;
using Actors.Dispatch.Files;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Chains.Scripts;

/// <summary>
/// Compiled scripts on disk, and the scripts that the compiler does not survive. The key covers everything that went into one: the text, the program with its compiler, the contract, the runtime.
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

    /// <summary>What became of a script; <see langword="null"/> if it is not in the cache.</summary>
    public CompiledScript? Find(ScriptSource source)
    {
        var name = NameOf(source);
        return (shipped is null ? null : FindIn(shipped, name)) ?? FindIn(folder, name);
    }

    private CompiledScript? FindIn(string directory, string name)
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

    /// <summary>Stores what became of a script.</summary>
    public void Store(ScriptSource source, CompiledScript compiled)
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
            File.WriteAllBytes(temporary, Write(compiled));
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

    private static byte[] Write(CompiledScript compiled)
    {
        var content = new MemoryStream();
        using (var writer = new BinaryWriter(content, Encoding.UTF8))
        {
            writer.Write(compiled.Problems.Count);
            foreach (var (line, column, message) in compiled.Problems)
            {
                writer.Write(line);
                writer.Write(column);
                writer.Write(message);
            }
            if (compiled.Image is { } image)
                Write(image, writer);
        }
        var bytes = content.ToArray();
        return [.. SHA256.HashData(bytes), .. bytes];
    }

    private static void Write(ScriptImage image, BinaryWriter writer)
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

    private static CompiledScript? Read(byte[] file)
    {
        if (file.Length < HashLength || !SHA256.HashData(file.AsSpan(HashLength)).AsSpan().SequenceEqual(file.AsSpan(0, HashLength)))
            return null;
        using var reader = new BinaryReader(new MemoryStream(file, HashLength, file.Length - HashLength), Encoding.UTF8);
        var problems = new ScriptProblem[reader.ReadInt32()];
        for (var index = 0; index < problems.Length; index++)
            problems[index] = new ScriptProblem(reader.ReadInt32(), reader.ReadInt32(), reader.ReadString());
        return problems.Length > 0 ? new CompiledScript(null, problems) { BrokeCompiler = true } : new CompiledScript(ReadImage(reader), []);
    }

    private static ScriptImage ReadImage(BinaryReader reader) => new(
        reader.ReadString(),
        reader.ReadString(),
        reader.ReadString().Split(' ', StringSplitOptions.RemoveEmptyEntries),
        (ScriptReads)reader.ReadInt32(),
        reader.ReadBytes(reader.ReadInt32()),
        reader.ReadBytes(reader.ReadInt32()));
}
