namespace Actors.Peers.Conformance;

/// <summary>One behaviour: what is done, and what is seen, as a short text.</summary>
internal sealed record Case(string Area, string Name, Expectation Seen, Func<Scene, Task<string>> Act)
{
    public override string ToString() => $"{Area}: {Name}";
}

/// <summary>What the stores show. The embedded store shows what xenstored does.</summary>
/// <param name="Xenstored">What xenstored shows, and oxenstored too unless something else is said.</param>
/// <param name="Oxenstored">What oxenstored shows instead.</param>
/// <param name="Why">Why the daemons differ.</param>
internal sealed record Expectation(string Xenstored, string? Oxenstored = null, string? Why = null)
{
    public static implicit operator Expectation(string all) => new(all);

    public string Of(Store store) => store == Store.Oxenstored ? Oxenstored ?? Xenstored : Xenstored;
}
