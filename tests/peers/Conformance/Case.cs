namespace Actors.Peers.Conformance;

/// <summary>One behaviour: an action and its expected result as a short text.</summary>
internal sealed record Case(string Area, string Name, Expectation Seen, Func<CaseContext, Task<string>> Act)
{
    public override string ToString() => $"{Area}: {Name}";
}

/// <summary>The expected results.</summary>
/// <param name="Xenstored">The result of xenstored, and of the others unless they differ.</param>
/// <param name="Oxenstored">The result of oxenstored if it differs.</param>
/// <param name="Why">Why oxenstored differs.</param>
/// <param name="Embedded">The result of the embedded store if it differs.</param>
/// <param name="WhyEmbedded">Why the embedded store differs.</param>
internal sealed record Expectation(
    string Xenstored, string? Oxenstored = null, string? Why = null, string? Embedded = null, string? WhyEmbedded = null)
{
    public static implicit operator Expectation(string all) => new(all);

    public string Of(Store store) => store switch
    {
        Store.Oxenstored => Oxenstored ?? Xenstored,
        Store.Embedded => Embedded ?? Xenstored,
        _ => Xenstored,
    };
}
