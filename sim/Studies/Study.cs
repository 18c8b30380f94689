using Actors.Sim.Scenarios;
using Actors.Sim.Specs;

namespace Actors.Sim.Studies;

/// <summary>The same world in several variants, each with several seeds; what to show of the runs, and what must hold.</summary>
internal sealed record Study
{
    public required string Title { get; init; }

    /// <summary>Where the numbers come from.</summary>
    public string Source { get; init; } = "";

    /// <summary>How long each run lasts.</summary>
    public required TimeSpan Length { get; init; }

    /// <summary>How many runs each variant has. Their seeds follow the one of the world.</summary>
    public required int Seeds { get; init; }

    public required IReadOnlyList<StudyVariant> Variants { get; init; }

    public required IReadOnlyList<Measure> Shown { get; init; }

    public required IReadOnlyList<StudyExpectation> Expectations { get; init; }

    /// <summary>All runs, in the order in which they are shown.</summary>
    public IReadOnlyList<StudyCase> Cases =>
        [.. Variants.SelectMany(variant => Enumerable.Range(0, Seeds).Select(number => new StudyCase(variant, variant.World.Host.Seed.Value + number)))];
}

/// <summary>A variant of the world.</summary>
/// <param name="Name">Its name.</param>
/// <param name="World">The world as it is in this variant.</param>
/// <param name="Policy">The policy that serves targets; <see langword="null"/> for the standard one.</param>
internal sealed record StudyVariant(string Name, Scenario World, string? Policy);

/// <summary>One run of a study.</summary>
internal sealed record StudyCase(StudyVariant Variant, int Seed)
{
    /// <summary>The world of this run.</summary>
    public Scenario World => Variant.World with { Host = Variant.World.Host with { Seed = new Seed(Seed) } };
}
