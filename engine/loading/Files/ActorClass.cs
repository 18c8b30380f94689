using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using Actors.Sdk;

namespace Actors.Loading.Files;

/// <summary>A class with an <see cref="ActorAttribute"/>, as the metadata of its DLL describes it. Pure.</summary>
/// <param name="Actor">The actor's name.</param>
/// <param name="Type">The full name of the class.</param>
internal sealed record ActorClass(string Actor, string Type)
{
    /// <summary>Returns the actor classes of a .NET assembly; none if its metadata is damaged.</summary>
    public static IReadOnlyList<ActorClass> In(byte[] assembly)
    {
        try
        {
            using var reader = new PEReader(ImmutableCollectionsMarshal.AsImmutableArray(assembly));
            var metadata = reader.GetMetadataReader();
            return [.. metadata.TypeDefinitions.Select(metadata.GetTypeDefinition)
                .SelectMany(type => type.GetCustomAttributes().Select(metadata.GetCustomAttribute)
                    .Where(attribute => AttributeMetadata.IsOf(metadata, attribute, typeof(ActorAttribute)))
                    .Select(attribute => new ActorClass(AttributeMetadata.FirstText(metadata, attribute), NameOf(metadata, type))))];
        }
        catch (Exception error) when (PortableFile.IsDamage(error))
        {
            return [];
        }
    }

    private static string NameOf(MetadataReader metadata, TypeDefinition type)
    {
        var space = metadata.GetString(type.Namespace);
        return space.Length == 0 ? metadata.GetString(type.Name) : $"{space}.{metadata.GetString(type.Name)}";
    }
}
