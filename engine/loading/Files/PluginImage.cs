using System.Security.Cryptography;
using System.Text;
using Actors.Dispatch.Files;

namespace Actors.Loading.Files;

/// <summary>A file as it was read; its name is relative to the plugin's folder, with '/'.</summary>
internal sealed record ImageFile(string Name, byte[] Content, string Sha256);

/// <summary>
/// A plugin's folder as it was at one moment, completely in memory: what is checked is what is loaded, whatever happens to the folder in
/// between.
/// </summary>
internal sealed class PluginImage
{
    /// <summary>A folder that holds more is not a plugin.</summary>
    public const long MaxBytes = 512L * 1024 * 1024;

    private const int Attempts = 3;

    private readonly Dictionary<string, ImageFile> _files;

    private PluginImage(PluginListing listing, IEnumerable<ImageFile> files)
    {
        Listing = listing;
        _files = files.ToDictionary(file => file.Name);
        Hash = HashOf(string.Join('\n', Files.Select(file => $"{file.Sha256} {file.Name}")));
    }

    public PluginListing Listing { get; }

    public string Folder => Listing.Folder;

    /// <summary>A hash of the names and contents of all files.</summary>
    public string Hash { get; }

    public IEnumerable<ImageFile> Files => _files.Values.OrderBy(file => file.Name, StringComparer.Ordinal);

    public ImageFile? Find(string name) => _files.GetValueOrDefault(name);

    /// <exception cref="PluginException">The folder is too large, or changes while it is read.</exception>
    public static PluginImage Read(PluginListing listing)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (Limits(listing) is { } tooMuch)
                throw new PluginException(tooMuch);
            if (TryRead(listing) is not { } files || PluginListing.Of(listing.Folder) is not { } after)
                continue;
            if (after.Fingerprint == listing.Fingerprint)
                return new PluginImage(listing, files);
            listing = after;
        }
        throw new PluginException("the folder changes while it is read; it is read again when it has settled");
    }

    private static string? Limits(PluginListing listing)
    {
        if (listing.Files.FirstOrDefault(file => file.Stat.Kind == FileKind.Other) is { } odd)
            return $"'{odd.Name}' is neither a file nor a folder; remove it";
        var size = listing.Files.Where(file => file.Stat.Kind == FileKind.File).Sum(file => file.Stat.Size);
        return size > MaxBytes || listing.Files.Count > PluginListing.MaxFiles
            ? $"the folder holds {listing.Files.Count - 1} files of {size >> 20} MiB; a plugin has at most {PluginListing.MaxFiles} of {MaxBytes >> 20} MiB"
            : null;
    }

    private static List<ImageFile>? TryRead(PluginListing listing)
    {
        var files = new List<ImageFile>();
        foreach (var (name, stat) in listing.Files.Where(file => file.Stat.Kind == FileKind.File))
        {
            byte[] content;
            try
            {
                content = ReadWhole(Path.Combine(listing.Folder, name), stat.Size);
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or EndOfStreamException)
            {
                return null;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new PluginException($"'{name}' cannot be read: {error.Message}", error);
            }
            files.Add(new ImageFile(name, content, Convert.ToHexStringLower(SHA256.HashData(content))));
        }
        return files;
    }

    // No more than was listed: the second listing notices a file that grows meanwhile, and it cannot fill the memory.
    private static byte[] ReadWhole(string path, long size)
    {
        using var file = File.OpenHandle(path);
        var content = new byte[size];
        for (var at = 0; at < size;)
        {
            var read = RandomAccess.Read(file, content.AsSpan(at), at);
            at += read > 0 ? read : throw new EndOfStreamException();
        }
        return content;
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
