using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace Actors.Loading.Files;

/// <summary>An assembly that another one needs.</summary>
internal sealed record AssemblyNeed(string Name, Version Version);

/// <summary>What the headers and metadata of a DLL say, without loading it. Pure.</summary>
/// <param name="Damage">Why the file cannot be complete; <see langword="null"/> if it can be.</param>
/// <param name="IsManaged">Whether the file is a .NET assembly.</param>
/// <param name="Needs">The assemblies that it references.</param>
internal sealed record PortableFile(string? Damage, bool IsManaged, IReadOnlyList<AssemblyNeed> Needs)
{
    public static PortableFile Read(byte[] content)
    {
        try
        {
            using var reader = new PEReader(ImmutableCollectionsMarshal.AsImmutableArray(content));
            var end = reader.PEHeaders.SectionHeaders.Select(section => (long)section.PointerToRawData + section.SizeOfRawData).DefaultIfEmpty().Max();
            if (end > content.Length)
                return Damaged($"it should have at least {end} bytes, but has {content.Length}");
            if (!reader.HasMetadata)
                return new PortableFile(null, false, []);
            var metadata = reader.GetMetadataReader();
            var needs = metadata.AssemblyReferences.Select(metadata.GetAssemblyReference)
                .Select(reference => new AssemblyNeed(metadata.GetString(reference.Name), reference.Version)).ToList();
            return new PortableFile(null, metadata.IsAssembly, needs);
        }
        catch (Exception error) when (IsDamage(error))
        {
            return Damaged(content.Length == 0 ? "it is empty" : "its headers cannot be read");
        }
    }

    /// <summary>Whether an error comes from the damaged metadata of a DLL.</summary>
    public static bool IsDamage(Exception error) =>
        error is BadImageFormatException or InvalidOperationException or ArgumentException or OverflowException or IOException;

    private static PortableFile Damaged(string why) => new(why, false, []);
}
