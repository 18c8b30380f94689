using System.Text;

namespace Actors.Sim.Scenarios.Yaml;

/// <summary>Reads the files that describe a world: scenarios and studies.</summary>
internal static class WorldFile
{
    private const int MostMib = 64;
    private const int Piece = 64 * 1024;

    /// <summary>Reads all of a file.</summary>
    /// <exception cref="IOException">The file cannot be read, or has no end in sight, as a device has.</exception>
    public static string Read(string file)
    {
        using var reader = new StreamReader(file);
        var text = new StringBuilder();
        var piece = new char[Piece];
        for (int count; (count = reader.Read(piece)) > 0;)
        {
            if (text.Length + count > MostMib << 20)
                throw new IOException($"{file} is larger than {MostMib} MiB; expected a file of text");
            text.Append(piece, 0, count);
        }
        return text.ToString();
    }
}
