namespace Actors.Sim.Specs;

/// <summary>
/// All randomness of a world grows from one number. Every user of it gets a source of its own, by name, so that what one draws
/// never shifts what another sees.
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

    /// <summary>The handle of a domain that was given none.</summary>
    public Guid UuidOf(string domain)
    {
        Span<byte> bytes = stackalloc byte[16];
        For($"uuid of {domain}").NextBytes(bytes);
        return new Guid(bytes);
    }
}
