using Actors.Charts.Model;

namespace Actors.Host.Studies.Pages;

/// <summary>The charts of one variant.</summary>
/// <param name="Variant">Its name.</param>
/// <param name="Policy">The policy that serves targets; <see langword="null"/> for the standard one.</param>
/// <param name="Seed">The run that the charts show: the one with the median slow-down.</param>
/// <param name="Host">The charts of the host.</param>
/// <param name="Domains">A chart for each domain, or for those that changed most.</param>
/// <param name="DomainsLeftOut">How many domains have no chart.</param>
internal sealed record VariantCharts(
    string Variant, string? Policy, int Seed, IReadOnlyList<Chart> Host, IReadOnlyList<(string Domain, Chart Chart)> Domains, int DomainsLeftOut);
