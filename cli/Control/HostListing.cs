using System.Text.Json;
using System.Text.Json.Serialization;

namespace Actors.Cli.Control;

/// <summary>The memory of the host and of all its domains at one moment.</summary>
/// <param name="TotalKib">The memory of the host.</param>
/// <param name="FreeKib">What no domain has.</param>
/// <param name="Domains">All domains, dom0 too, ordered by domid.</param>
internal sealed record HostListing(long TotalKib, long FreeKib, IReadOnlyList<ListedDomain> Domains)
{
    /// <summary>The verb of the request.</summary>
    public const string Verb = "listing";

    /// <summary>Requests it from a running daemon.</summary>
    /// <exception cref="CommandLine.CommandException">The daemon does not answer.</exception>
    public static async Task<HostListing> ReadAsync(PublishedHost host, CancellationToken cancellation) =>
        (await ControlClient.RequestAsync(host, Verb, [], cancellation)).Deserialize(HostListingJson.Default.HostListing)!;
}

/// <summary>What the hypervisor reports about a domain.</summary>
internal sealed record ListedDomain(int Domid, Guid Uuid, string Kind, string State, long FootprintKib, long MaxMemKib, long PagedOutKib);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HostListing))]
internal sealed partial class HostListingJson : JsonSerializerContext;
