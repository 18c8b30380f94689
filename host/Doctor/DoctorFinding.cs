using System.Text.Json.Serialization;

namespace Actors.Host.Doctor;

/// <summary>How well something stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Standing>))]
internal enum Standing
{
    /// <summary>As it should be.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>Not there; the daemon runs without it, and an actor that needs it is unable.</summary>
    [JsonStringEnumMemberName("lacks")]
    Lacks,

    /// <summary>The daemon cannot run on Xen like that, or must not be trusted with it.</summary>
    [JsonStringEnumMemberName("bad")]
    Bad,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Subject">What.</param>
/// <param name="Standing">How well it stands.</param>
/// <param name="Says">What was found.</param>
/// <param name="Advice">What to do about it; empty when nothing is to be done.</param>
internal sealed record DoctorFinding(string Subject, Standing Standing, string Says, string Advice = "")
{
    public static DoctorFinding Ok(string subject, string says) => new(subject, Standing.Ok, says);
}
