using System.Diagnostics.CodeAnalysis;

namespace Actors.Sdk;

/// <summary>A mechanism for a domain, or the reason why it is not available.</summary>
/// <typeparam name="TMechanism">The interface of the mechanism.</typeparam>
public readonly record struct Offer<TMechanism> where TMechanism : class
{
    internal Offer(TMechanism? mechanism, string whyNot) => (Mechanism, WhyNot) = (mechanism, whyNot);

    /// <summary>The mechanism; <see langword="null"/> if it is not available.</summary>
    public TMechanism? Mechanism { get; }

    /// <summary>Why the mechanism is not available, in words that an operator can act on; empty if it is available.</summary>
    public string WhyNot { get; }

    /// <summary>Whether the mechanism is available.</summary>
    [MemberNotNullWhen(true, nameof(Mechanism))]
    public bool Available => Mechanism is not null;
}

/// <summary>Creates offers.</summary>
public static class Offer
{
    /// <summary>Creates an offer with a mechanism.</summary>
    public static Offer<TMechanism> Of<TMechanism>(TMechanism mechanism) where TMechanism : class => new(mechanism, "");

    /// <summary>Creates an offer without a mechanism, with the reason.</summary>
    public static Offer<TMechanism> None<TMechanism>(string whyNot) where TMechanism : class => new(null, whyNot);
}
