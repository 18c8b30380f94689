using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Actors.Sdk;

namespace Actors.Loading.Tests;

/// <summary>Writes .NET assemblies that consist of references, and classes with <see cref="ActorAttribute"/>. They contain no code.</summary>
internal static class AssemblyFile
{
    public static readonly (string, Version) Sdk = ("Actors.Sdk", new Version(1, 2));
    public static readonly (string, Version) Runtime = ("System.Runtime", new Version(10, 0));

    /// <summary>An assembly with one actor.</summary>
    public static byte[] WithActor(string actor = "squeeze") => Write([Sdk, Runtime], ("Acme.Squeezer", actor));

    public static byte[] Write(IEnumerable<(string Name, Version Version)> references, params (string Class, string Actor)[] actors)
    {
        var metadata = new MetadataBuilder();
        metadata.AddModule(0, metadata.GetOrAddString("it.dll"), metadata.GetOrAddGuid(Guid.NewGuid()), default, default);
        metadata.AddAssembly(metadata.GetOrAddString("it"), new Version(1, 0, 0, 0), default, default, default, AssemblyHashAlgorithm.None);
        AddType(metadata, "<Module>");
        EntityHandle sdk = default;
        foreach (var (name, version) in references)
        {
            var reference = metadata.AddAssemblyReference(metadata.GetOrAddString(name), version, default, default, default, default);
            sdk = name == Sdk.Item1 ? reference : sdk;
        }
        foreach (var (type, actor) in actors)
            metadata.AddCustomAttribute(AddType(metadata, type), Constructor(metadata, sdk), metadata.GetOrAddBlob(Argument(actor)));

        var file = new BlobBuilder();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), new BlobBuilder()).Serialize(file);
        return file.ToArray();
    }

    /// <summary>A DLL that is complete, but not one of .NET.</summary>
    public static byte[] WithoutMetadata()
    {
        const int DataDirectories = 96; // in the 32-bit format, which the builder writes by default
        const int DotNetDirectory = 14 * 8;
        var file = WithActor();
        using var reader = new PEReader(new MemoryStream((byte[])file.Clone()));
        file.AsSpan(reader.PEHeaders.PEHeaderStartOffset + DataDirectories + DotNetDirectory, 8).Clear();
        return file;
    }

    private static TypeDefinitionHandle AddType(MetadataBuilder metadata, string name)
    {
        var dot = name.LastIndexOf('.');
        return metadata.AddTypeDefinition(TypeAttributes.Public, dot < 0 ? default : metadata.GetOrAddString(name[..dot]), metadata.GetOrAddString(name[(dot + 1)..]),
            default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
    }

    private static MemberReferenceHandle Constructor(MetadataBuilder metadata, EntityHandle sdk)
    {
        var attribute = metadata.AddTypeReference(sdk, metadata.GetOrAddString("Actors.Sdk"), metadata.GetOrAddString(nameof(ActorAttribute)));
        var signature = new BlobBuilder();
        new BlobEncoder(signature).MethodSignature(isInstanceMethod: true).Parameters(1, result => result.Void(), parameters => parameters.AddParameter().Type().String());
        return metadata.AddMemberReference(attribute, metadata.GetOrAddString(".ctor"), metadata.GetOrAddBlob(signature));
    }

    private static BlobBuilder Argument(string text)
    {
        var value = new BlobBuilder();
        value.WriteUInt16(1);
        value.WriteSerializedString(text);
        value.WriteUInt16(0);
        return value;
    }
}
