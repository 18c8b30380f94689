namespace Actors.Dispatch.Settings;

/// <summary>What the toolstack has set for a domain. It outlives the domain's domid.</summary>
/// <param name="Uuid">The domain.</param>
/// <param name="Name">The domain's name when it was last seen.</param>
/// <param name="Seen">When the settings last changed, or the domain ended.</param>
/// <param name="Keys">The keys below <c>memory-policy</c> with their values.</param>
internal sealed record SettingsRecord(Guid Uuid, string Name, DateTimeOffset Seen, IReadOnlyDictionary<string, string> Keys)
{
    public bool HasSameKeys(IReadOnlyDictionary<string, string> keys) =>
        Keys.Count == keys.Count && keys.All(key => Keys.GetValueOrDefault(key.Key) == key.Value);
}
