using System.Reflection.Metadata;

namespace Actors.Loading.Files;

/// <summary>Custom attributes as the metadata of a DLL describes them. Pure.</summary>
internal static class AttributeMetadata
{
    private const ushort Prolog = 1;

    /// <summary>Whether an attribute of another assembly is of this type.</summary>
    public static bool IsOf(MetadataReader metadata, CustomAttribute attribute, Type type)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference)
            return false;
        var parent = metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
        if (parent.Kind != HandleKind.TypeReference)
            return false;
        var found = metadata.GetTypeReference((TypeReferenceHandle)parent);
        return metadata.StringComparer.Equals(found.Name, type.Name) && metadata.StringComparer.Equals(found.Namespace, type.Namespace!);
    }

    /// <summary>The first argument of the constructor, a text; empty if there is none.</summary>
    public static string FirstText(MetadataReader metadata, CustomAttribute attribute)
    {
        var value = metadata.GetBlobReader(attribute.Value);
        return value.ReadUInt16() == Prolog ? value.ReadSerializedString() ?? "" : "";
    }
}
