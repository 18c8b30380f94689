using System.Text.Json.Serialization;
using Actors.Dispatch.Journal;

namespace Actors.Cli.Commands;

/// <summary>The result of <c>mem-set</c>.</summary>
internal sealed record TargetResult(int Domid, long TargetKib, long? FootprintKib, string Outcome, string Actor, int Step, string Reason);

/// <summary>The result of <c>mem-policy</c>.</summary>
internal sealed record ActorKeyResult(int Domid, string Name, string? ActorKey, string Source, string Meaning);

/// <summary>One line of <c>list</c>.</summary>
internal sealed record DomainLine(
    int Domid, string Name, long? TargetKib, long? FootprintKib, string? ActorKey, string? Outcome, string? Actor, int Step, string? Since, string? Reason)
{
    /// <summary>Whether <see cref="FootprintKib"/> is what the hypervisor reports now, and not the one of the last known state.</summary>
    public bool FootprintIsCurrent { get; init; }

    /// <summary>How often the guest brings paged-out pages back in, if it thrashes; otherwise 0.</summary>
    public long PageInsPerSecond { get; init; }

    /// <summary>The most memory that the domain can have.</summary>
    public long? StaticMaxKib { get; init; }

    public SettingsView? Settings { get; init; }

    /// <summary>What the target waits for, as in the key <c>waiting</c>; <see langword="null"/> if it waits for nothing.</summary>
    public IReadOnlyList<string>? WaitingFor { get; init; }

    public string? WaitingSince { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TargetResult))]
[JsonSerializable(typeof(ActorKeyResult))]
[JsonSerializable(typeof(IReadOnlyList<DomainLine>))]
[JsonSerializable(typeof(IReadOnlyList<JournalEntry>))]
internal sealed partial class CommandJson : JsonSerializerContext;
