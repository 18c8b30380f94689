using Actors.Sdk;

namespace VendorNamespace;

/// <summary>A mechanism of this plugin's own: the part of the budget that a domain holds.</summary>
public interface IBudget
{
    /// <summary>Changes what the domain holds. Returns <see langword="false"/>, and changes nothing, if the budget is too small.</summary>
    /// <param name="amount">How much of the domain's memory may be paged out; nothing if it is negative.</param>
    bool TryHold(Kib amount);
}
