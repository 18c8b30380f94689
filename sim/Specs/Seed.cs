namespace Actors.Sim.Specs;

/// <summary>
/// The number from which all randomness of a world derives. Every user of it gets its own source, by name, so that what one user draws
/// never shifts what another one sees.
/// </summary>
internal readonly record struct Seed(int Value)
{
    public Random For(string user)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        var hash = 2166136261u ^ (uint)Value;
        foreach (var letter in user)
            hash = (hash ^ letter) * 16777619u;
        return new Random((int)hash);
    }

    /// <summary>The UUID of a domain for which none was given.</summary>
    public Guid UuidOf(string domain)
    {
        Span<byte> bytes = stackalloc byte[16];
        For($"uuid of {domain}").NextBytes(bytes);
        return new Guid(bytes);
    }
}
