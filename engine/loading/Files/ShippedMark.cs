using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace Actors.Loading.Files;

/// <summary>The mark that the build puts on the plugins that ship with Actors. Pure.</summary>
internal static class ShippedMark
{
    public const string Key = "Actors.Shipped";

    private const ushort Prolog = 1;

    /// <summary>Whether a .NET assembly has the mark; false if its metadata is damaged.</summary>
    public static bool IsIn(byte[] assembly)
    {
        try
        {
            using var reader = new PEReader(ImmutableCollectionsMarshal.AsImmutableArray(assembly));
            var metadata = reader.GetMetadataReader();
            return metadata.IsAssembly && metadata.GetAssemblyDefinition().GetCustomAttributes()
                .Select(metadata.GetCustomAttribute).Any(attribute => IsMetadata(metadata, attribute) && KeyOf(metadata, attribute) == Key);
        }
        catch (Exception error) when (PortableFile.IsDamage(error))
        {
            return false;
        }
    }

    private static bool IsMetadata(MetadataReader metadata, CustomAttribute attribute)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference)
            return false;
        var parent = metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
        return parent.Kind == HandleKind.TypeReference
            && metadata.StringComparer.Equals(metadata.GetTypeReference((TypeReferenceHandle)parent).Name, nameof(AssemblyMetadataAttribute));
    }

    private static string? KeyOf(MetadataReader metadata, CustomAttribute attribute)
    {
        var value = metadata.GetBlobReader(attribute.Value);
        return value.ReadUInt16() == Prolog ? value.ReadSerializedString() : null;
    }
}
