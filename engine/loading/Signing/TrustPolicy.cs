namespace Actors.Loading.Signing;

/// <summary>A key that the operator trusts, under the operator's name for it.</summary>
internal sealed record TrustedKey(string Name, PublicKey Key);

/// <summary>Whose plugins the operator trusts.</summary>
/// <param name="Keys">The keys of those whose plugins are known.</param>
/// <param name="Required">Whether only plugins with a signature by one of the keys are served, and those that ship with Actors.</param>
internal sealed record TrustPolicy(IReadOnlyList<TrustedKey> Keys, bool Required)
{
    /// <summary>No key is known, and no signature is required.</summary>
    public static TrustPolicy None { get; } = new([], Required: false);

    public string? NameOf(PublicKey key) => Keys.FirstOrDefault(known => known.Key.Equals(key))?.Name;

    public bool Equals(TrustPolicy? other) => other is not null && Required == other.Required && Keys.SequenceEqual(other.Keys);

    public override int GetHashCode() => HashCode.Combine(Keys.Count, Required);
}
