using System.Text.Json.Serialization;

namespace Actors.Host.Doctor;

/// <summary>The status of a finding.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingStatus>))]
internal enum FindingStatus
{
    /// <summary>Nothing to do.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>A feature is missing; the daemon runs without it, and an actor that needs it is unable.</summary>
    [JsonStringEnumMemberName("lacks")]
    Missing,

    /// <summary>The daemon cannot run on Xen here, or not safely.</summary>
    [JsonStringEnumMemberName("bad")]
    Bad,
}

/// <summary>The result of one check.</summary>
/// <param name="Subject">What was checked.</param>
/// <param name="Status">The status.</param>
/// <param name="Text">What was found.</param>
/// <param name="Advice">What to do about it; empty when there is nothing to do.</param>
internal sealed record DoctorFinding(
    string Subject, [property: JsonPropertyName("standing")] FindingStatus Status, [property: JsonPropertyName("says")] string Text, string Advice = "")
{
    public static DoctorFinding Ok(string subject, string text) => new(subject, FindingStatus.Ok, text);
}
