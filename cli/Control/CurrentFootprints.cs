using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Cli.CommandLine;
using Actors.Sdk;

namespace Actors.Cli.Control;

/// <summary>The footprint of a domain.</summary>
/// <param name="Domid">The domain.</param>
/// <param name="FootprintKib">Its footprint.</param>
/// <param name="Superpages">How many chunks of 2 MiB are mapped with one page; <see langword="null"/> where the hypervisor cannot tell.</param>
/// <param name="Chunks">How many there would be if its memory were mapped with nothing else.</param>
internal sealed record CurrentFootprint(int Domid, long FootprintKib, long? Superpages = null, long Chunks = 0);

/// <summary>
/// The current footprints of all domains. Only the daemon can ask the hypervisor; it answers with one listing of all domains. Without it,
/// the last known footprints are in the state keys, and domains that never had a target have none.
/// </summary>
internal sealed class CurrentFootprints
{
    public const string Verb = "footprints";

    private readonly Dictionary<int, CurrentFootprint> _footprints;

    private CurrentFootprints(IEnumerable<CurrentFootprint> footprints) => _footprints = footprints.ToDictionary(of => of.Domid);

    /// <summary>All domains of the host, also those that have no folder in xenstore.</summary>
    public IEnumerable<int> Domids => _footprints.Keys;

    /// <summary>The footprint of a domain; <see langword="null"/> if it does not exist.</summary>
    public Kib? Of(int domid) => _footprints.TryGetValue(domid, out var of) ? new Kib(of.FootprintKib) : null;

    /// <summary>The superpages that a domain has left; <see langword="null"/> where the hypervisor cannot tell.</summary>
    public string? SuperpagesOf(int domid) => _footprints.GetValueOrDefault(domid) is { Superpages: { } left, Chunks: var all and > 0 }
        ? string.Create(CultureInfo.InvariantCulture, $"{left} of {all} left ({100.0 * left / all:0.#} %)")
        : null;

    /// <summary>Requests the footprints from a running daemon.</summary>
    /// <returns>The footprints; <see langword="null"/> if the daemon does not answer, with the reason.</returns>
    public static async Task<(CurrentFootprints? Footprints, string? WhyNot)> ReadAsync(PublishedHost host, CancellationToken cancellation)
    {
        try
        {
            var answer = await ControlClient.RequestAsync(host, Verb, [], cancellation);
            return (new CurrentFootprints(answer.Deserialize(FootprintJson.Default.IReadOnlyListCurrentFootprint) ?? []), null);
        }
        catch (Exception error) when (error is CommandException or JsonException)
        {
            return (null, error.Message);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<CurrentFootprint>))]
internal sealed partial class FootprintJson : JsonSerializerContext;
