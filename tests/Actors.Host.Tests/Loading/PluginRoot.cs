using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text;
using Actors.Loading.Compatibility;

namespace Actors.Host.Tests.Loading;

/// <summary>A folder of plugins, and builds of the sample plugin to copy there.</summary>
internal sealed class PluginRoot : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("actors-plugins-").FullName;

    public string Folder(string id = "sample") => System.IO.Path.Combine(Path, id);

    public string File(string name, string id = "sample") => System.IO.Path.Combine(Folder(id), name);

    /// <summary>Copies a build of the sample plugin there, over what is there.</summary>
    public void Put(int build = 1, string id = "sample", string actors = "sample", string contract = "1.0", string more = "")
    {
        Directory.CreateDirectory(Folder(id));
        foreach (var file in Directory.EnumerateFiles(ProgramFolder.Sample, "*.dll").Where(file => !file.EndsWith("sample.dll", StringComparison.Ordinal)))
            System.IO.File.Copy(file, File(System.IO.Path.GetFileName(file), id), overwrite: true);
        System.IO.File.WriteAllText(File(Manifest.FileName, id), $"id: {id}\nversion: {build}.0\ncontract: {contract}\nactors: [{actors}]\n{more}");
        System.IO.File.WriteAllBytes(File($"{id}.dll", id), Dll(build));
    }

    /// <summary>Copies one of the plugins that ship.</summary>
    public void Copy(string plugin)
    {
        Directory.CreateDirectory(Folder(plugin));
        foreach (var file in Directory.EnumerateFiles(System.IO.Path.Combine(ProgramFolder.Plugins, plugin)))
            System.IO.File.Copy(file, File(System.IO.Path.GetFileName(file), plugin));
    }

    /// <summary>The sample plugin's DLL, with another number of its build in it.</summary>
    public static byte[] Dll(int build)
    {
        var dll = System.IO.File.ReadAllBytes(System.IO.Path.Combine(ProgramFolder.Sample, "sample.dll"));
        var number = Encoding.Unicode.GetBytes("build-00001");
        Encoding.Unicode.GetBytes($"build-{build:00000}").CopyTo(dll.AsSpan(dll.AsSpan().IndexOf(number)));
        return dll;
    }

    /// <summary>The same DLL as if it had been compiled against another version of an assembly.</summary>
    public static byte[] DllAgainst(string assembly, Version version)
    {
        var dll = Dll(1);
        using var reader = new PEReader(new MemoryStream((byte[])dll.Clone()));
        var metadata = reader.GetMetadataReader();
        var row = metadata.AssemblyReferences.Single(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name) == assembly);
        var at = reader.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.AssemblyRef)
            + (metadata.GetTableRowSize(TableIndex.AssemblyRef) * (MetadataTokens.GetRowNumber(row) - 1));
        BitConverter.GetBytes((ushort)version.Major).CopyTo(dll, at);
        BitConverter.GetBytes((ushort)version.Minor).CopyTo(dll, at + 2);
        return dll;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
