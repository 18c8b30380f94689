namespace Actors.Peers.Conformance;

/// <summary>One behaviour: an action and its expected result as a short text.</summary>
internal sealed record Case(string Area, string Name, Expectation Seen, Func<CaseContext, Task<string>> Act)
{
    public override string ToString() => $"{Area}: {Name}";
}

/// <summary>The expected results. The embedded store must behave like xenstored.</summary>
/// <param name="Xenstored">The result of xenstored, and of oxenstored unless it differs.</param>
/// <param name="Oxenstored">The result of oxenstored if it differs.</param>
/// <param name="Why">Why the daemons differ.</param>
internal sealed record Expectation(string Xenstored, string? Oxenstored = null, string? Why = null)
{
    public static implicit operator Expectation(string all) => new(all);

    public string Of(Store store) => store == Store.Oxenstored ? Oxenstored ?? Xenstored : Xenstored;
}
