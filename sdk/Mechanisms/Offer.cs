using System.Diagnostics.CodeAnalysis;

namespace Actors.Sdk;

/// <summary>A mechanism on a domain, or the reason why there is none.</summary>
/// <typeparam name="TMechanism">Which mechanism.</typeparam>
public readonly record struct Offer<TMechanism> where TMechanism : class
{
    internal Offer(TMechanism? mechanism, string whyNot) => (Mechanism, WhyNot) = (mechanism, whyNot);

    /// <summary>The mechanism; <see langword="null"/> when there is none.</summary>
    public TMechanism? Mechanism { get; }

    /// <summary>Why there is none, in words that a person can act on; empty when there is one.</summary>
    public string WhyNot { get; }

    /// <summary>Whether there is one.</summary>
    [MemberNotNullWhen(true, nameof(Mechanism))]
    public bool Available => Mechanism is not null;
}

/// <summary>Makes offers.</summary>
public static class Offer
{
    /// <summary>Here it is.</summary>
    public static Offer<TMechanism> Of<TMechanism>(TMechanism mechanism) where TMechanism : class => new(mechanism, "");

    /// <summary>There is none, because …</summary>
    public static Offer<TMechanism> None<TMechanism>(string whyNot) where TMechanism : class => new(null, whyNot);
}
