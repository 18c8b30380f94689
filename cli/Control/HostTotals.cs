using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Cli.CommandLine;

namespace Actors.Cli.Control;

/// <summary>The host's memory, as the daemon reports it.</summary>
/// <param name="TotalKib">All of it.</param>
/// <param name="FreeKib">What no domain has; claimed and reserved memory are part of it.</param>
/// <param name="ClaimedKib">What is claimed for a domain that is being built.</param>
/// <param name="ReserveKib">What the host keeps free for itself.</param>
internal sealed record HostTotals(long TotalKib, long FreeKib, long ClaimedKib, long ReserveKib)
{
    /// <summary>The verb of the request.</summary>
    public const string Verb = "host memory";

    /// <summary>Requests them from a running daemon; <see langword="null"/> if it does not answer.</summary>
    public static async Task<HostTotals?> ReadAsync(PublishedHost host, CancellationToken cancellation)
    {
        try
        {
            return (await ControlClient.RequestAsync(host, Verb, [], cancellation)).Deserialize(HostTotalsJson.Default.HostTotals);
        }
        catch (Exception error) when (error is CommandException or JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HostTotals))]
internal sealed partial class HostTotalsJson : JsonSerializerContext;
