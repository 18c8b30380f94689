using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace Actors.Loading.Files;

/// <summary>An assembly that another one needs.</summary>
internal sealed record AssemblyNeed(string Name, Version Version);

/// <summary>A DLL, as far as it tells about itself without being loaded. Pure.</summary>
/// <param name="Broken">Why it cannot be a whole one; <see langword="null"/> when it can.</param>
/// <param name="IsManaged">Whether it is a .NET assembly.</param>
/// <param name="Needs">What it references.</param>
internal sealed record PortableFile(string? Broken, bool IsManaged, IReadOnlyList<AssemblyNeed> Needs)
{
    public static PortableFile Read(byte[] content)
    {
        try
        {
            using var reader = new PEReader(ImmutableCollectionsMarshal.AsImmutableArray(content));
            var end = reader.PEHeaders.SectionHeaders.Select(section => (long)section.PointerToRawData + section.SizeOfRawData).DefaultIfEmpty().Max();
            if (end > content.Length)
                return NotWhole($"it should have {end} bytes at least, and has {content.Length}");
            if (!reader.HasMetadata)
                return new PortableFile(null, false, []);
            var metadata = reader.GetMetadataReader();
            var needs = metadata.AssemblyReferences.Select(metadata.GetAssemblyReference)
                .Select(reference => new AssemblyNeed(metadata.GetString(reference.Name), reference.Version)).ToList();
            return new PortableFile(null, metadata.IsAssembly, needs);
        }
        catch (Exception error) when (error is BadImageFormatException or InvalidOperationException or ArgumentException or OverflowException or IOException)
        {
            return NotWhole(content.Length == 0 ? "it is empty" : "its headers cannot be read");
        }
    }

    private static PortableFile NotWhole(string why) => new(why, false, []);
}
