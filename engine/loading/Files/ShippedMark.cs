using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace Actors.Loading.Files;

/// <summary>The mark that the build puts on the plugins that ship with Actors. Pure.</summary>
internal static class ShippedMark
{
    private const string Key = "Actors.Shipped";

    /// <summary>Whether a .NET assembly has the mark; false if its metadata is damaged.</summary>
    public static bool IsIn(byte[] assembly)
    {
        try
        {
            using var reader = new PEReader(ImmutableCollectionsMarshal.AsImmutableArray(assembly));
            var metadata = reader.GetMetadataReader();
            return metadata.IsAssembly && metadata.GetAssemblyDefinition().GetCustomAttributes()
                .Select(metadata.GetCustomAttribute)
                .Any(attribute => AttributeMetadata.IsOf(metadata, attribute, typeof(AssemblyMetadataAttribute)) && AttributeMetadata.FirstText(metadata, attribute) == Key);
        }
        catch (Exception error) when (PortableFile.IsDamage(error))
        {
            return false;
        }
    }
}
